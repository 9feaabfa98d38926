package dk.elleve.bench;

import java.sql.Connection;
import java.sql.SQLException;

/// A database beside the platform's, which nobody captures but the peer, and which is dropped in the end.
final class PeerDatabase implements AutoCloseable {

    static final String NAME = "elleve_bench";
    static final String SLOT = "bench_peer";

    private final Given given;

    PeerDatabase(Given given) throws SQLException {
        this.given = given;
        close();
        maintain("CREATE DATABASE " + NAME);
    }

    /// What the engine reads; made after the tables, so that it begins with them empty.
    void publish() throws SQLException {
        try (var connection = given.connect(NAME, "postgres")) {
            execute(connection, """
                    CREATE PUBLICATION audit_pub FOR TABLES IN SCHEMA data
                    WITH (publish_via_partition_root = true, publish_generated_columns = stored)
                    """);
            execute(
                    connection,
                    "SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput', false, false, true)");
        }
    }

    private void maintain(String... statements) throws SQLException {
        try (var connection = given.connect("postgres", "postgres")) {
            for (var each : statements) {
                execute(connection, each);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Also what a measurement left behind that was broken off.
    @Override
    public void close() throws SQLException {
        maintain(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + SLOT
                        + "' AND active",
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + SLOT + "'",
                "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
    }
}
