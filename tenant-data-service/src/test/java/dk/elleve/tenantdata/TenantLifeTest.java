package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.identity.TenantEvent.TenantClosed;
import dk.elleve.contracts.identity.TenantEvent.TenantClosing;
import dk.elleve.contracts.tenantdata.ErasureEvent.TenantErased;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class TenantLifeTest extends TenantDataRig {

    private static final Instant LATER = Instant.parse("2026-12-02T08:00:00Z");

    private final BlobStore blobs;
    private final Keyring keyring;
    private final JdbcClient database = JdbcClient.create(Rig.postgres().superuser("tenant_data"));

    @Autowired
    TenantLifeTest(BlobStore blobs, Keyring keyring) {
        this.blobs = blobs;
        this.keyring = keyring;
    }

    @AfterEach
    void nothing_stays_armed() {
        faults.disarm();
    }

    @Test
    void a_tenant_that_opens_gets_one_wrapped_key_outside_the_database() {
        open("nakskov");

        var wrapped = blobs.get("keyring", "nakskov.key").orElseThrow();
        assertThat(wrapped).hasSize(1 + 36 + 12 + 32 + 16);
        assertThat(new String(wrapped, 1, 36, StandardCharsets.US_ASCII)).isEqualTo(keyOf("nakskov"));
        assertThat(keyring.require(new TenantId("nakskov")).id()).isEqualTo(keyOf("nakskov"));
    }

    @Test
    void the_same_event_twice_changes_nothing() {
        try (var probe = TopicProbe.rig()) {
            var id = UUID.randomUUID().toString();
            probe.say(Topic.IDENTITY_TENANTS, id, "rudkobing", "rudkobing", opened("rudkobing"));
            awaitReady("rudkobing");
            var key = keyOf("rudkobing");
            var row = rowOf("rudkobing");

            probe.say(Topic.IDENTITY_TENANTS, id, "rudkobing", "rudkobing", opened("rudkobing"));
            afterAll(probe, "rudkobing");
            assertThat(keyOf("rudkobing")).isEqualTo(key);
            assertThat(rowOf("rudkobing")).isEqualTo(row);
        }
    }

    @Test
    void a_tenant_whose_opening_was_cut_off_at_any_step_is_opened_later_with_one_key() {
        for (var point : List.of("before a key is made for ", "after a key is made for ")) {
            var tenant = point.startsWith("before") ? "assens" : "bogense";
            faults.arm(point + tenant);
            open(tenant);
            assertThat(faults.waiting()).as(point).isFalse();
            assertThat(new String(
                            blobs.get("keyring", tenant + ".key").orElseThrow(), 1, 36, StandardCharsets.US_ASCII))
                    .isEqualTo(keyOf(tenant));
            put(admin(tenant), "/areas/sales", AREA).must(201);
        }
    }

    @Test
    void a_closing_tenant_works_on_and_a_closed_one_leaves_no_row_and_no_key() {
        openWithPeople("maribo");
        post(user("maribo"), RECORDS, "{\"email\":\"a@maribo.invalid\"}").must(201);
        post(user("maribo"), RECORDS, "{\"email\":\"b@maribo.invalid\"}").must(201);
        var key = keyOf("maribo");
        try (var probe = TopicProbe.rig()) {
            var tenant = new TenantId("maribo");
            var event = opened("maribo");
            probe.say(
                    Topic.IDENTITY_TENANTS,
                    "maribo",
                    "maribo",
                    new TenantClosing(tenant, event.name(), event.openedAt(), LATER));
            Eventually.until("maribo is closing", () -> rowOf("maribo"), row -> row.startsWith("closing"));
            get(user("maribo"), RECORDS).must(200);

            probe.say(Topic.IDENTITY_TENANTS, "maribo", "maribo", new TenantClosed(tenant, LATER));
            var heard =
                    probe.await(Topic.TENANTDATA_ERASURES, each -> each.tenant().equals("maribo"));
            assertThat(heard.key()).isEqualTo("maribo");
            var erased = heard.as(TenantErased.class);
            assertThat(erased.records()).isEqualTo(2);
            assertThat(erased.keyId()).isEqualTo(key);

            assertThat(blobs.get("keyring", "maribo.key")).isEmpty();
            assertThat(rowsOf("maribo")).isZero();
            assertThat(get(user("maribo"), RECORDS).must(410).code()).isEqualTo("tenant-closed");
            post(user("maribo"), RECORDS, "{\"email\":\"c@maribo.invalid\"}").must(410);

            var certificate = get(staff("auditor"), "/tenants/maribo/erasure-certificate")
                    .must(200)
                    .body();
            assertThat(certificate.path("records").asLong()).isEqualTo(2);
            assertThat(certificate.path("keyId").asString()).isEqualTo(key);
            assertThat(certificate.path("keyGone").asBoolean()).isTrue();
            assertThat(Instant.parse(certificate.path("erasedAt").asString())).isEqualTo(erased.erasedAt());

            // The topic may still hold an older event, and the closing may come again.
            probe.say(Topic.IDENTITY_TENANTS, "maribo", "maribo", event);
            probe.say(Topic.IDENTITY_TENANTS, "maribo", "maribo", new TenantClosed(tenant, LATER));
            afterAll(probe, "maribo");
            assertThat(blobs.get("keyring", "maribo.key")).isEmpty();
            assertThat(rowOf("maribo")).startsWith("closed");
            assertThat(probe.all(Topic.TENANTDATA_ERASURES).stream()
                            .filter(each -> each.tenant().equals("maribo"))
                            .map(TopicProbe.Heard::id)
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void a_restored_database_erases_a_tenant_again_and_keeps_it_closed() {
        openWithPeople("hornbaek");
        post(user("hornbaek"), RECORDS, "{\"email\":\"a@hornbaek.invalid\"}").must(201);
        var key = keyOf("hornbaek");

        // As the restore calls it, before anybody is let in.
        assertThat(replay("hornbaek", null)).isEqualTo("{\"keys\": [\"" + key + "\"], \"records\": 1}");
        assertThat(rowsOf("hornbaek")).isZero();
        assertThat(rowOf("hornbaek")).startsWith("closed");
        assertThat(replay("hornbaek", null)).isEqualTo("{\"keys\": [], \"records\": 0}");
        assertThat(replay("never-here", null)).isEqualTo("{\"keys\": [], \"records\": 0}");
        assertThat(rowOf("never-here")).startsWith("closed");

        try (var probe = TopicProbe.rig()) {
            probe.say(Topic.IDENTITY_TENANTS, "hornbaek", "hornbaek", opened("hornbaek"));
            afterAll(probe, "hornbaek");
            assertThat(rowOf("hornbaek")).startsWith("closed");
        }
        assertThatThrownBy(() -> replay("hornbaek", "a-pseudonym")).hasMessageContaining("a single person");
    }

    private String replay(String tenant, String subject) {
        return database.sql("SELECT data.replay_erasure(?, ?, ?::timestamptz)::text")
                .params(tenant, subject, LATER.toString())
                .query(String.class)
                .single();
    }

    @Test
    void a_certificate_tells_of_nobody_who_is_not_erased_and_only_to_staff() {
        open("praesto");
        for (var tenant : List.of("praesto", "never-heard-of", "Not%20a%20name")) {
            get(staff("administrator"), "/tenants/" + tenant + "/erasure-certificate")
                    .must(404);
        }
        get(admin("praesto"), "/tenants/praesto/erasure-certificate").must(403);
        get(staff("support"), "/tenants/praesto/erasure-certificate").must(403);
    }

    @Test
    void an_erasure_that_was_cut_off_around_the_destruction_is_finished_and_told_once() {
        for (var point : List.of("before the key is destroyed of ", "after the key is destroyed of ")) {
            var tenant = point.startsWith("before") ? "saxkobing" : "stege";
            openWithPeople(tenant);
            post(user(tenant), RECORDS, "{\"email\":\"a@x.invalid\"}").must(201);
            var key = keyOf(tenant);
            faults.arm(point + tenant);
            try (var probe = TopicProbe.rig()) {
                probe.say(Topic.IDENTITY_TENANTS, tenant, tenant, new TenantClosed(new TenantId(tenant), LATER));
                var erased = probe.await(
                                Topic.TENANTDATA_ERASURES, each -> each.tenant().equals(tenant))
                        .as(TenantErased.class);
                assertThat(erased.keyId()).isEqualTo(key);
                assertThat(erased.records()).isEqualTo(1);
                assertThat(faults.waiting()).as(point).isFalse();
                assertThat(blobs.get("keyring", tenant + ".key")).isEmpty();
                assertThat(rowsOf(tenant)).isZero();
            }
        }
    }

    /// Returns when everything that was said of the tenant before has been handled: a partition is heard in order, and
    /// a last event, about nobody, has the same key.
    private void afterAll(TopicProbe probe, String tenant) {
        var last = probe.say(
                Topic.IDENTITY_TENANTS, tenant, tenant, new TenantClosed(new TenantId(tenant + "-after"), LATER));
        Eventually.until(
                "the last event of " + tenant + " is handled",
                () -> database.sql("SELECT count(*) FROM kit.inbox WHERE event_id = ?")
                        .param(last)
                        .query(Long.class)
                        .single(),
                count -> count == 1);
    }

    private String keyOf(String tenant) {
        return database.sql("SELECT key_id FROM data.tenant WHERE tenant_id = ?")
                .param(tenant)
                .query(String.class)
                .single();
    }

    private String rowOf(String tenant) {
        return database.sql("SELECT state || ' ' || name || ' ' || changed_at FROM data.tenant WHERE tenant_id = ?")
                .param(tenant)
                .query(String.class)
                .single();
    }

    private long rowsOf(String tenant) {
        return database.sql("""
                        SELECT (SELECT count(*) FROM data.area WHERE tenant_id = :tenant)
                             + (SELECT count(*) FROM data.collection WHERE tenant_id = :tenant)
                             + (SELECT count(*) FROM data.record WHERE tenant_id = :tenant)
                             + (SELECT count(*) FROM data.record_index WHERE tenant_id = :tenant)
                        """).param("tenant", tenant).query(Long.class).single();
    }
}
