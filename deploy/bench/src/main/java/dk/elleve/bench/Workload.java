package dk.elleve.bench;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A service that changes rows: signed transactions on one table, of ten changes six new rows, three changed ones and
/// one deleted. The table is made as a service's migration would make it, and dropped in the end.
final class Workload implements AutoCloseable {

    static final String TENANT = "nord";

    private static final String TABLE = """
            CREATE TABLE data.bench_row (
                tenant_id text NOT NULL,
                id        bigint NOT NULL,
                email     text NOT NULL,
                fields    jsonb NOT NULL,
                changed   timestamptz NOT NULL,
                PRIMARY KEY (tenant_id, id))
            """;

    private static final Actor SOMEBODY = new Actor(Actor.Kind.USER, "bench", null);

    private interface End {
        void clean() throws SQLException;
    }

    private final Connection connection;
    private final AttributionSigner signer;
    private final Clock clock;
    private final End end;
    private long next = 1;

    private Workload(Connection connection, AttributionSigner signer, Clock clock, End end) throws SQLException {
        this.connection = connection;
        this.signer = signer;
        this.clock = clock;
        this.end = end;
        connection.setAutoCommit(false);
    }

    /// In the database of tenant-data, whose changes the audit log captures.
    static Workload captured(Given given, Clock clock) throws SQLException {
        var signer = new AttributionSigner("tenant-data", given.key("attribution.tenant-data"));
        drop(given, signer, clock);
        migrate(
                given,
                signer,
                clock,
                TABLE,
                "SELECT kit.captured('data.bench_row')",
                "SELECT kit.tenant_owned('data.bench_row')");
        return new Workload(
                given.connect("tenant_data", "tenant_data_service"), signer, clock, () -> drop(given, signer, clock));
    }

    /// In the peer's own database, with the same triggers and messages.
    static Workload besides(Given given, Clock clock) throws SQLException, IOException {
        try (var connection = given.connect(PeerDatabase.NAME, "postgres");
                var statement = connection.createStatement();
                var mechanism =
                        Objects.requireNonNull(Workload.class.getResourceAsStream("/db/kit/V0_1__mechanism.sql"))) {
            statement.execute("DROP SCHEMA IF EXISTS data, kit CASCADE");
            statement.execute("CREATE SCHEMA data");
            statement.execute("CREATE SCHEMA kit");
            statement.execute(new String(mechanism.readAllBytes(), StandardCharsets.UTF_8));
            statement.execute(TABLE);
            statement.execute("SELECT kit.captured('data.bench_row')");
        }
        return new Workload(
                given.connect(PeerDatabase.NAME, "postgres"),
                new AttributionSigner("tenant-data", given.key("attribution.tenant-data")),
                clock,
                () -> {});
    }

    private static void drop(Given given, AttributionSigner signer, Clock clock) throws SQLException {
        migrate(given, signer, clock, "DROP TABLE IF EXISTS data.bench_row");
    }

    private static void migrate(Given given, AttributionSigner signer, Clock clock, String... statements)
            throws SQLException {
        try (var connection = given.connect("tenant_data", "tenant_data_migrator")) {
            connection.setAutoCommit(false);
            begin(connection, signer, clock, new Actor(Actor.Kind.MIGRATION, signer.service(), null), null);
            try (var statement = connection.createStatement()) {
                for (var each : statements) {
                    statement.execute(each);
                }
            }
            connection.commit();
        }
    }

    /// Commits one transaction of so many row changes, a multiple of ten.
    void transaction(int changes) throws SQLException {
        begin(connection, signer, clock, SOMEBODY, new TenantId(TENANT));
        long first = next;
        next += changes * 6L / 10;
        run("""
                INSERT INTO data.bench_row
                SELECT 'nord', i, 'person-' || i || '@eksempel.dk',
                       jsonb_build_object('name', 'Bente Bænk ' || i, 'level', i % 5, 'note', md5(i::text)), now()
                FROM generate_series(?, ?) i
                """, first, next - 1);
        run("""
                UPDATE data.bench_row
                SET fields = fields || '{"level": 7}', changed = now()
                WHERE tenant_id = 'nord' AND id BETWEEN ? AND ?
                """, first, first + changes * 3L / 10 - 1);
        run(
                "DELETE FROM data.bench_row WHERE tenant_id = 'nord' AND id BETWEEN ? AND ?",
                first,
                first + changes / 10 - 1);
        connection.commit();
    }

    private void run(String sql, long from, long to) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setLong(1, from);
            statement.setLong(2, to);
            statement.executeUpdate();
        }
    }

    private static void begin(
            Connection connection, AttributionSigner signer, Clock clock, Actor actor, @Nullable TenantId tenant)
            throws SQLException {
        long transaction;
        try (var statement = connection.prepareStatement(
                "SELECT pg_current_xact_id()::text::bigint, set_config('elleve.tenant', ?, true)")) {
            statement.setString(1, tenant == null ? "*" : tenant.value());
            try (var row = statement.executeQuery()) {
                row.next();
                transaction = row.getLong(1);
            }
        }
        var attribution = new Attribution(signer.service(), actor, tenant, "bench", clock.instant(), transaction);
        try (var statement = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
            statement.setString(1, Attribution.PREFIX);
            statement.setString(2, signer.sign(attribution));
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        end.clean();
    }
}
