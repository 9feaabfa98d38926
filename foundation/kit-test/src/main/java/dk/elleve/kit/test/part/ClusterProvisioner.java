package dk.elleve.kit.test.part;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/// Makes an empty cluster ready for the platform by the files of `deploy/postgres`. May run at every start: what
/// exists stays, passwords are set to what the installation's secrets say.
public final class ClusterProvisioner {

    /// Services with a database of their own; the database is named like the service.
    public static final List<String> SERVICES = List.of("identity", "tenant_data", "backup", "breach", "audit");

    /// Those whose changes go into the audit log. The audit log's own tables would chase themselves.
    public static final List<String> CAPTURED = List.of("identity", "tenant_data", "backup", "breach", "keycloak");

    public static final String KEYCLOAK = "keycloak";

    private final PostgresServer server;

    public ClusterProvisioner(PostgresServer server) {
        this.server = server;
    }

    public void provision() {
        try {
            try (var connection = quietly("postgres")) {
                for (var service : SERVICES) {
                    run(connection, "1-service-roles.sql", Map.of("service", service));
                    password(connection, service + "_migrator");
                    password(connection, service + "_service");
                }
                run(connection, "2-cluster-roles.sql", Map.of());
                for (var role : List.of("audit_capture", "backup_wire", KEYCLOAK)) {
                    password(connection, role);
                }
                for (var service : SERVICES) {
                    database(connection, service, service + "_owner");
                }
                database(connection, KEYCLOAK, KEYCLOAK);
                run(connection, "3-database.sql", Map.of("database", "postgres"));
            }
            for (var service : SERVICES) {
                try (var connection = quietly(service)) {
                    run(connection, "3-database.sql", Map.of("database", service));
                    run(connection, "4-service-database.sql", Map.of("database", service, "service", service));
                    watch(connection, service, service + "_owner", service + "_service");
                }
            }
            try (var connection = quietly(KEYCLOAK)) {
                run(connection, "3-database.sql", Map.of("database", KEYCLOAK));
                run(connection, "5-keycloak-database.sql", Map.of());
                watch(connection, KEYCLOAK, KEYCLOAK, KEYCLOAK);
            }
        } catch (SQLException e) {
            throw new PartFailure("The databases could not be set up: " + e.getMessage(), e);
        }
    }

    private static void watch(Connection connection, String database, String owner, String reader) throws SQLException {
        run(connection, "6-structure-log.sql", Map.of("owner", owner, "reader", reader));
        if (CAPTURED.contains(database)) {
            run(connection, "7-captured-database.sql", Map.of("database", database));
            run(connection, "8-slot.sql", Map.of("database", database));
        }
    }

    /// Setting up again is no change of structure that anybody needs to hear of.
    private Connection quietly(String database) throws SQLException {
        var connection = server.superuser(database).getConnection();
        try (var statement = connection.createStatement()) {
            statement.execute("SET event_triggers = off");
            statement.execute("SET client_min_messages = warning");
        }
        return connection;
    }

    private static void database(Connection connection, String name, String owner) throws SQLException {
        try (var exists = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            exists.setString(1, name);
            if (exists.executeQuery().next()) {
                return;
            }
        }
        run(connection, "0-create-database.sql", Map.of("database", name, "owner", owner));
    }

    private static void run(Connection connection, String file, Map<String, String> names) throws SQLException {
        var sql = Parts.text("/postgres/" + file);
        for (var name : names.entrySet()) {
            sql = sql.replace("${" + name.getKey() + "}", name.getValue());
        }
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The driver computes the SCRAM verifier: the password itself never reaches the server or its log.
    private void password(Connection connection, String role) throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(role, server.secrets().password(role).toCharArray(), "scram-sha-256");
    }
}
