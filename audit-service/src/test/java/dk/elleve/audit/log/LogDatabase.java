package dk.elleve.audit.log;

import dk.elleve.kit.test.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import javax.sql.DataSource;

/// Databases that hold a log and nothing else.
public final class LogDatabase {

    public static final String V11 = script("/db/migration/V11__waiting_together.sql");
    public static final String V13 = script("/db/migration/V13__stretches.sql");

    private LogDatabase() {}

    /// Each connection is a new one.
    public static DataSource make(String name) throws SQLException {
        var made = asItWas(name);
        execute(made, script("/db/migration/V7__about.sql"), V11, V13);
        return made;
    }

    /// The same when each entry waited by itself.
    public static DataSource asItWas(String name) throws SQLException {
        execute(Rig.postgres().superuser("postgres"), "CREATE DATABASE " + name);
        var made = Rig.postgres().superuser(name);
        execute(
                made,
                "CREATE SCHEMA data",
                "CREATE SCHEMA kit",
                script("/db/kit/V0_1__mechanism.sql"),
                script("/db/migration/V1__log.sql"));
        return made;
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
