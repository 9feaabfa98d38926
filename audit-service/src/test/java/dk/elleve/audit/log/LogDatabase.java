package dk.elleve.audit.log;

import dk.elleve.kit.test.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// Databases that hold a log and nothing else.
public final class LogDatabase {

    private static final List<String> SINCE_V1 = Stream.of(
                    "V2__change",
                    "V3__reconciliation",
                    "V4__siem",
                    "V5__second_anchor",
                    "V6__saved_search",
                    "V7__about",
                    "V8__retention",
                    "V9__leaner_log",
                    "V10__tally",
                    "V11__waiting_together",
                    "V12__resources_in_stretches",
                    "V13__stretches")
            .map(name -> script("/db/migration/" + name + ".sql"))
            .toList();

    private LogDatabase() {}

    /// Each connection is a new one.
    public static DataSource make(String name) throws SQLException {
        var made = asItWas(name);
        migrate(made);
        return made;
    }

    /// As it was first, when each entry waited by itself.
    public static DataSource asItWas(String name) throws SQLException {
        execute(
                Rig.postgres().superuser("postgres"),
                "CREATE DATABASE " + name,
                "ALTER DATABASE " + name + " SET elleve.tenant = '*'");
        var made = Rig.postgres().superuser(name);
        execute(
                made,
                "CREATE SCHEMA data",
                "CREATE SCHEMA kit",
                script("/db/kit/V0_1__mechanism.sql"),
                script("/db/migration/V1__log.sql"));
        return made;
    }

    /// Makes one that is as it was first what it is now.
    public static void migrate(DataSource database) throws SQLException {
        execute(database, SINCE_V1.toArray(String[]::new));
    }

    public static void execute(DataSource database, String... statements) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String script(String name) {
        try (var in = LogDatabase.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("There is no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
