package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.WireSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Reads the content of all databases of a server, at one position of its log where that is asked for.
final class SourceReader {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(3);

    /// What is done with one database, within a transaction that writes nothing.
    @FunctionalInterface
    interface Reading<T> {
        T read(String database, Connection connection) throws SQLException;
    }

    private final WireSettings server;

    SourceReader(WireSettings server) {
        this.server = server;
    }

    /// Takes a snapshot of every database between two looks at the log that show no movement, at a moment
    /// when no transaction that has written is under way: then all snapshots are what the log up to there
    /// makes. That nothing moves would not do: a transaction's commit is in the log before it is seen, for
    /// as long as it takes to make the log durable. A busy server has such moments between two commits; a
    /// server that has none within `patience` is told.
    Mark atOnePosition(Duration patience, Clock clock) throws SQLException, InterruptedException {
        var connections = new LinkedHashMap<String, Connection>();
        try (var watch = connect("postgres")) {
            for (var database : databases(watch)) {
                connections.put(database, connect(database));
            }
            var deadline = System.nanoTime() + patience.toNanos();
            while (true) {
                var before = position(watch);
                if (isNobodyWriting(watch)) {
                    for (var connection : connections.values()) {
                        begin(connection);
                    }
                    if (position(watch).equals(before)) {
                        return new Mark(before, clock.instant(), read(connections));
                    }
                    for (var connection : connections.values()) {
                        connection.rollback();
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("the server had no quiet moment within " + patience
                            + " in which all databases could be looked at together; is a transaction left open?");
                }
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } finally {
            for (var connection : connections.values()) {
                connection.close();
            }
        }
    }

    /// Everything, at whatever position: for a server that nobody writes to.
    Content now() throws SQLException {
        var connections = new LinkedHashMap<String, Connection>();
        try (var watch = connect("postgres")) {
            for (var database : databases(watch)) {
                var connection = connect(database);
                connections.put(database, connection);
                begin(connection);
            }
            return read(connections);
        } finally {
            for (var connection : connections.values()) {
                connection.close();
            }
        }
    }

    /// The databases one after the other, each seen whole by its reading; what was read, by their
    /// names.
    ///
    /// @param wanted which of them
    <T> Map<String, T> each(Predicate<String> wanted, Reading<T> reading) throws SQLException {
        var read = new LinkedHashMap<String, T>();
        List<String> databases;
        try (var connection = connect("postgres")) {
            databases = databases(connection).stream().filter(wanted).toList();
        }
        for (var database : databases) {
            try (var connection = connect(database)) {
                begin(connection);
                try (var statement = connection.createStatement()) {
                    statement.execute("SET LOCAL row_security = off");
                    statement.execute("SET LOCAL search_path = pg_catalog");
                }
                read.put(database, reading.read(database, connection));
                connection.rollback();
            }
        }
        return read;
    }

    private static Content read(Map<String, Connection> connections) throws SQLException {
        var all = new TreeMap<String, String>();
        for (var each : connections.entrySet()) {
            all.putAll(Content.of(each.getKey(), each.getValue()));
            each.getValue().rollback();
        }
        return new Content(all);
    }

    private static List<String> databases(Connection connection) throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT datname
                        FROM pg_database
                        WHERE datallowconn AND NOT datistemplate AND has_database_privilege(oid, 'CONNECT')
                        ORDER BY datname
                        """)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /// The control file would still name the old timeline for a moment after a promotion.
    private static Moment.At position(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT lsn::text, pg_walfile_name(lsn)
                        FROM pg_current_wal_insert_lsn() AS lsn
                        """)) {
            rows.next();
            int timeline = Integer.parseUnsignedInt(rows.getString(2), 0, 8, 16);
            return new Moment.At(timeline, Lsn.parse(rows.getString(1)));
        }
    }

    /// Whoever has written holds a lock on its transaction's own number until others see what it did, in
    /// whatever database. A snapshot does not tell: whoever got the newest number is not in it.
    private static boolean isNobodyWriting(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        SELECT NOT EXISTS (
                            SELECT
                            FROM pg_locks
                            WHERE locktype = 'transactionid' AND mode = 'ExclusiveLock')
                        """)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    /// Opens a transaction with its snapshot.
    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_snapshot()");
        }
    }

    private Connection connect(String database) throws SQLException {
        var properties = new Properties();
        properties.put("user", server.user());
        properties.put("password", server.password());
        properties.put("sslmode", server.sslMode());
        properties.put("ApplicationName", "elleve-backup-drill");
        properties.put("options", "-c TimeZone=UTC -c extra_float_digits=3");
        if (server.sslRootCertificate() != null) {
            properties.put("sslrootcert", server.sslRootCertificate());
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + database, properties);
    }
}
