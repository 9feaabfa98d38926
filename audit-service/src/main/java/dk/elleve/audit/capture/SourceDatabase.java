package dk.elleve.audit.capture;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// A source as the capture role sees it.
final class SourceDatabase {

    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final CaptureProperties.Endpoint endpoint;
    private final String name;

    SourceDatabase(CaptureProperties.Endpoint endpoint, String name) {
        this.endpoint = endpoint;
        this.name = name;
    }

    String name() {
        return name;
    }

    String slot() {
        return "audit_" + name;
    }

    SourceId identify() throws SQLException {
        try (var connection = connect(true);
                var statement = connection.createStatement();
                var row = statement.executeQuery("IDENTIFY_SYSTEM")) {
            row.next();
            return new SourceId(row.getString("systemid"), row.getInt("timeline"), name);
        }
    }

    /// Where the next record of the WAL begins, as `pg_lsn` is written.
    String position() throws SQLException {
        try (var connection = connect(false);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    SlotState state() throws SQLException {
        try (var connection = connect(false)) {
            return state(connection);
        }
    }

    /// Makes the slot anew where it is gone or cannot go on; what it would have sent is lost and was told of.
    void renew() throws SQLException {
        try (var connection = connect(false);
                var statement = connection.createStatement()) {
            if (state(connection).exists()) {
                statement.execute("SELECT pg_drop_replication_slot('" + slot() + "')");
            }
            statement.execute(
                    "SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput', false, false, true)");
        }
    }

    /// How far every slot of the server is behind.
    List<SlotLag> lags() throws SQLException {
        try (var connection = connect(false);
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT slot_name,
                               pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::bigint,
                               pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint,
                               safe_wal_size
                        FROM pg_replication_slots
                        WHERE slot_type = 'logical' AND wal_status IS DISTINCT FROM 'lost'
                        """)) {
            var lags = new ArrayList<SlotLag>();
            while (row.next()) {
                lags.add(new SlotLag(row.getString(1), row.getLong(2), row.getLong(3), row.getObject(4, Long.class)));
            }
            return lags;
        }
    }

    /// Whoever may log in to the cluster, and whoever has a session there. The server's own clock decides
    /// what has ended, as it does for whoever comes.
    List<DatabaseRole> roles() throws SQLException {
        try (var connection = connect(false);
                var statement = connection.createStatement();
                var row = statement.executeQuery("""
                        SELECT r.rolname,
                               coalesce(r.rolcanlogin, false),
                               CASE WHEN r.rolvaliduntil < 'infinity'
                                    THEN extract(epoch FROM r.rolvaliduntil - clock_timestamp())::float8 END,
                               coalesce(a.sessions, 0)
                        FROM pg_roles r
                        FULL JOIN (SELECT usesysid, count(*) AS sessions
                                   FROM pg_stat_activity
                                   WHERE usesysid IS NOT NULL
                                   GROUP BY usesysid) a ON a.usesysid = r.oid
                        WHERE r.rolcanlogin OR a.sessions > 0
                        """)) {
            var roles = new ArrayList<DatabaseRole>();
            while (row.next()) {
                roles.add(new DatabaseRole(
                        row.getString(1), row.getBoolean(2), row.getObject(3, Double.class), row.getLong(4)));
            }
            return roles;
        }
    }

    private SlotState state(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("""
                SELECT coalesce(confirmed_flush_lsn - '0/0'::pg_lsn, 0)::bigint,
                       wal_status IS DISTINCT FROM 'lost' AND invalidation_reason IS NULL
                FROM pg_replication_slots
                WHERE slot_name = ?
                """)) {
            query.setString(1, slot());
            try (var row = query.executeQuery()) {
                return row.next() ? new SlotState(true, row.getBoolean(2), row.getLong(1)) : SlotState.MISSING;
            }
        }
    }

    private Connection connect(boolean replication) throws SQLException {
        return connect(replication, ANSWER);
    }

    /// @param patience how long an answer may take
    Connection connect(boolean replication, Duration patience) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        properties.setProperty("ApplicationName", "audit-capture");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", Long.toString(patience.toSeconds()));
        if (replication) {
            properties.setProperty("replication", "database");
            properties.setProperty("assumeMinServerVersion", "17");
            properties.setProperty("preferQueryMode", "simple");
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + endpoint.host() + ":" + endpoint.port() + "/" + name, properties);
    }
}
