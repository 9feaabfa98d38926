package dk.elleve.audit;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Another service's database, worked in as that service would: the kit's mechanism, one business table, signed work.
public final class Neighbour {

    private final PostgresServer postgres;
    private final String database;
    private final AttributionSigner signer;

    private Neighbour(PostgresServer postgres, Secrets secrets, String database) {
        this.postgres = postgres;
        this.database = database;
        var service = database.replace('_', '-');
        this.signer = new AttributionSigner(service, Base64.getDecoder().decode(secrets.key("attribution." + service)));
    }

    /// With `data.item (tenant_id, id, note, amount, at)`; all that is made is signed as a migration.
    public static Neighbour prepared(PostgresServer postgres, Secrets secrets, String database)
            throws SQLException, IOException {
        var neighbour = new Neighbour(postgres, secrets, database);
        try (var in = Neighbour.class.getResourceAsStream("/db/kit/V0_1__mechanism.sql")) {
            var mechanism = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            neighbour.migration(mechanism, """
                            CREATE TABLE data.item (
                                tenant_id text NOT NULL,
                                id        bigint NOT NULL,
                                note      text,
                                amount    numeric,
                                at        timestamptz,
                                PRIMARY KEY (tenant_id, id))
                            """, "SELECT kit.captured('data.item')");
        }
        return neighbour;
    }

    public void migration(String... statements) throws SQLException {
        as(database + "_migrator", new Actor(Actor.Kind.MIGRATION, signer.service(), null), null, statements);
    }

    /// One transaction of the service in somebody's name.
    public void signed(Actor actor, @Nullable TenantId tenant, String... statements) throws SQLException {
        as(database + "_service", actor, tenant, statements);
    }

    private void as(String role, Actor actor, @Nullable TenantId tenant, String... statements) throws SQLException {
        try (var connection = connect(role)) {
            connection.setAutoCommit(false);
            emit(connection, message(connection, actor, tenant));
            run(connection, statements);
            connection.commit();
        }
    }

    /// One transaction with any attribution messages at all, none for instance.
    public void unsigned(String role, Iterable<String> messages, String... statements) throws SQLException {
        try (var connection = connect(role)) {
            connection.setAutoCommit(false);
            for (var message : messages) {
                emit(connection, message);
            }
            run(connection, statements);
            connection.commit();
        }
    }

    /// What the service says of the connection's present transaction.
    public String message(Connection connection, Actor actor, @Nullable TenantId tenant) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_current_xact_id()::text")) {
            row.next();
            return signer.sign(new Attribution(
                    signer.service(), actor, tenant, "request-1", Instant.now(), Long.parseLong(row.getString(1))));
        }
    }

    public Connection connect(String role) throws SQLException {
        var connection = role.equals(PostgresServer.SUPERUSER)
                ? postgres.superuser(database).getConnection()
                : postgres.as(database, role).getConnection();
        run(connection, "SET application_name = 'test-tool'");
        return connection;
    }

    public static void emit(Connection connection, String message) throws SQLException {
        try (var emit = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
            emit.setString(1, Attribution.PREFIX);
            emit.setString(2, message);
            emit.execute();
        }
    }

    public static void run(Connection connection, String... statements) throws SQLException {
        try (var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
