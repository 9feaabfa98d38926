package dk.elleve.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.attribution.AttributionSigner;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.TopicProbe;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

class KitRigTest extends KitRig {

    static final TenantId NORD = new TenantId("nord");
    static final TenantId HAVN = new TenantId("havn");
    static final Actor SOMEBODY = new Actor(Actor.Kind.USER, "0190b4c5-0000-7000-8000-000000000001", null);

    final Transactions transactions;
    final Outbox outbox;
    final Inbox inbox;
    final BlobStore blobs;
    final JdbcClient jdbc;
    final AttributionSigner signer;

    @Autowired
    KitRigTest(
            Transactions transactions,
            Outbox outbox,
            Inbox inbox,
            BlobStore blobs,
            JdbcClient jdbc,
            AttributionSigner signer) {
        this.transactions = transactions;
        this.outbox = outbox;
        this.inbox = inbox;
        this.blobs = blobs;
        this.jdbc = jdbc;
        this.signer = signer;
    }

    @Test
    void a_tenant_sees_its_own_rows_and_nobody_elses() {
        var id = UUID.randomUUID().toString();
        write(NORD, id);
        write(HAVN, id);

        assertThat(notes(Scope.of(NORD), id)).containsExactly("of nord");
        assertThat(notes(Scope.of(HAVN), id)).containsExactly("of havn");
        assertThat(notes(Scope.platform(), id)).isEmpty();
        assertThat(jdbc.sql("SELECT count(*) FROM data.thing").query(Long.class).single())
                .as("without a transaction there is no tenant and so no row")
                .isZero();
    }

    @Test
    void a_row_cannot_be_written_in_another_tenants_name() {
        assertThatThrownBy(() -> transactions.run(
                        Scope.of(NORD),
                        SOMEBODY,
                        () -> jdbc.sql("INSERT INTO data.thing VALUES ('havn', 'x', 'y')")
                                .update()))
                .rootCause()
                .hasMessageContaining("row-level security");
    }

    @Test
    void what_stands_in_a_row_does_not_reach_the_text_of_an_error() {
        var id = UUID.randomUUID().toString();
        write(NORD, id);

        assertThatThrownBy(() -> write(NORD, id))
                .rootCause()
                .hasMessageContaining("duplicate key")
                .hasMessageNotContaining(id);
    }

    @Test
    void a_transaction_has_one_scope() {
        assertThatThrownBy(() -> transactions.run(
                        Scope.of(NORD), SOMEBODY, () -> transactions.run(Scope.of(HAVN), SOMEBODY, () -> {})))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        transactions.read(Scope.of(NORD), () -> transactions.write(Scope.of(NORD), SOMEBODY, () -> 1)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void every_write_is_signed_in_its_own_transaction_and_tells_its_login() throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var sql = admin.createStatement()) {
            sql.execute("SELECT pg_create_logical_replication_slot('kit_probe', 'test_decoding', true)");

            write(NORD, UUID.randomUUID().toString());

            var messages = new ArrayList<String>();
            long transaction = -1;
            try (var rows = sql.executeQuery(
                    "SELECT xid::text, data FROM pg_logical_slot_get_changes('kit_probe', NULL, NULL)")) {
                while (rows.next()) {
                    if (rows.getString(2).contains("table data.thing: INSERT")) {
                        transaction = Long.parseLong(rows.getString(1));
                    }
                    messages.add(rows.getString(2));
                }
            }
            var signed = messages.stream()
                    .filter(m -> m.contains("prefix: " + Attribution.PREFIX))
                    .map(m -> m.substring(m.indexOf("content:") + "content:".length()))
                    .map(signer::verify)
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(signed).hasSize(1);
            assertThat(signed.getFirst().actor()).isEqualTo(SOMEBODY);
            assertThat(signed.getFirst().tenant()).isEqualTo(NORD);
            assertThat(signed.getFirst().isBoundTo(transaction)).isTrue();
            assertThat(signed.getFirst().isBoundTo(transaction + 1)).isFalse();
            assertThat(messages).anyMatch(m -> m.contains("audit.session") && m.contains("breach_service"));
        }
    }

    @Test
    void a_forged_or_changed_attribution_does_not_verify() {
        var attribution = new Attribution("breach", SOMEBODY, NORD, "r", Instant.parse("2026-11-24T12:00:00Z"), 7);
        var message = signer.sign(attribution);

        assertThat(signer.verify(message)).contains(attribution);
        assertThat(signer.verify(message.replace("nord", "havn"))).isEmpty();
        assertThat(signer.verify(message + "A")).isEmpty();
        assertThat(signer.verify("")).isEmpty();
        assertThat(new AttributionSigner("breach", new byte[32]).verify(message))
                .isEmpty();
        assertThat(signer.toString()).contains("***");
    }

    @Test
    void other_roles_may_not_emit_messages() throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var sql = admin.createStatement()) {
            sql.execute("CREATE ROLE stranger");
            sql.execute("SET ROLE stranger");
            assertThatThrownBy(() -> sql.execute("SELECT pg_logical_emit_message(true, 'audit.attribution', 'x')"))
                    .hasMessageContaining("permission denied");
            sql.execute("RESET ROLE");
            sql.execute("DROP ROLE stranger");
        }
    }

    @Test
    void news_leaves_only_with_its_change() {
        var kept = UUID.randomUUID().toString();
        var rolledBack = UUID.randomUUID().toString();
        assertThatThrownBy(() -> transactions.run(Scope.platform(), SOMEBODY, () -> {
                    outbox.add(Topic.BREACH_INCIDENTS, rolledBack, null, opened(rolledBack));
                    throw new IllegalStateException("the change fails");
                }))
                .hasMessage("the change fails");

        transactions.run(
                Scope.platform(), SOMEBODY, () -> outbox.add(Topic.BREACH_INCIDENTS, kept, null, opened(kept)));

        try (var probe = TopicProbe.rig()) {
            var heard = probe.await(
                    Topic.BREACH_INCIDENTS, event -> event.body().toString().contains(kept));
            assertThat(heard.type()).isEqualTo("dk.elleve.breach.incident-opened.v1");
            assertThat(probe.all(Topic.BREACH_INCIDENTS))
                    .noneMatch(event -> event.body().toString().contains(rolledBack));
        }
    }

    @Test
    void news_of_somebody_elses_topic_is_refused() {
        assertThatThrownBy(() -> transactions.run(
                        Scope.platform(), SOMEBODY, () -> outbox.add(Topic.IDENTITY_TENANTS, "x", null, opened("x"))))
                .hasMessageContaining("only its owner");
        assertThatThrownBy(() -> outbox.add(Topic.BREACH_INCIDENTS, "x", null, opened("x")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_event_that_comes_twice_is_handled_once_and_a_failed_one_again() {
        var id = UUID.randomUUID().toString();
        var times = new ArrayList<String>();

        assertThatThrownBy(() -> transactions.run(
                        Scope.platform(),
                        SOMEBODY,
                        () -> inbox.once("test", id, () -> {
                            times.add("failed");
                            throw new IllegalStateException("first time");
                        })))
                .hasMessage("first time");
        transactions.run(Scope.platform(), SOMEBODY, () -> inbox.once("test", id, () -> times.add("done")));
        transactions.run(Scope.platform(), SOMEBODY, () -> inbox.once("test", id, () -> times.add("again")));

        assertThat(times).containsExactly("failed", "done");
    }

    @Test
    void blobs_are_written_once_listed_in_order_and_deleted() {
        var container = "kit-" + UUID.randomUUID();
        assertThat(blobs.get(container, "a")).isEmpty();
        assertThat(blobs.list(container, "")).isEmpty();
        assertThat(blobs.putIfAbsent(container, "b/2", bytes("first"))).isTrue();
        assertThat(blobs.putIfAbsent(container, "b/2", bytes("second"))).isFalse();
        blobs.put(container, "b/1", bytes("one"));
        assertThat(blobs.get(container, "b/2")).contains(bytes("first"));
        assertThat(blobs.list(container, "b/")).containsExactly("b/1", "b/2");
        blobs.delete(container, "b/1");
        blobs.delete(container, "b/1");
        assertThat(blobs.list(container, "b/")).containsExactly("b/2");
    }

    @Test
    void a_service_whose_table_is_not_covered_refuses_to_start() throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var sql = admin.createStatement()) {
            sql.execute("SET ROLE breach_owner");
            sql.execute("CREATE TABLE data.forgotten (id text PRIMARY KEY, tenant_id text)");
            try {
                assertThatThrownBy(() -> start(ServiceRig.of("breach")))
                        .rootCause()
                        .hasMessageContaining("data.forgotten has tenant_id but no forced row-level security")
                        .hasMessageContaining("data.forgotten is not captured in full")
                        .hasMessageContaining("data.forgotten does not tell who changes it");
            } finally {
                sql.execute("DROP TABLE data.forgotten");
            }
        }
    }

    @Test
    void a_service_whose_role_can_look_past_the_policies_refuses_to_start() throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var sql = admin.createStatement()) {
            sql.execute("ALTER ROLE breach_service BYPASSRLS");
            try {
                assertThatThrownBy(() -> start(ServiceRig.of("breach")))
                        .rootCause()
                        .hasMessageContaining("has BYPASSRLS");
            } finally {
                sql.execute("ALTER ROLE breach_service NOBYPASSRLS");
            }
        }
    }

    @Test
    void a_service_with_an_endpoint_outside_the_allowed_regions_refuses_to_start() {
        assertThatThrownBy(() -> start(ServiceRig.of("breach")
                        .with("elleve.blob.connection-string", Rig.azurite().connectionString())
                        .with("elleve.residency.regions.blob", "eastus")))
                .rootCause()
                .hasMessageContaining("`blob` lies in eastus");
        assertThatThrownBy(() -> start(ServiceRig.of("breach").without("elleve.residency.regions.kafka")))
                .rootCause()
                .hasMessageContaining("the region of `kafka` is not declared");
    }

    private static void start(ServiceRig settings) {
        var properties = settings.values().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        try (var context = new SpringApplicationBuilder(KitApp.class)
                .properties(properties)
                .run()) {
            assertThat(context.isActive()).isFalse();
        }
    }

    private void write(TenantId tenant, String id) {
        transactions.run(
                Scope.of(tenant),
                SOMEBODY,
                () -> jdbc.sql("INSERT INTO data.thing VALUES (?, ?, ?)")
                        .params(tenant.value(), id, "of " + tenant)
                        .update());
    }

    private List<String> notes(Scope scope, String id) {
        return transactions.read(
                scope,
                () -> jdbc.sql("SELECT note FROM data.thing WHERE id = ?")
                        .param(id)
                        .query((row, i) -> row.getString(1))
                        .list());
    }

    private static IncidentOpened opened(String id) {
        return new IncidentOpened(id, "test", "low", null, Instant.parse("2026-11-24T12:00:00Z"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
