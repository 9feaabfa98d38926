package dk.elleve.backup;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.vault.BlobVault;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.backup.BackupEvent;
import dk.elleve.contracts.tenantdata.ErasureEvent;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.GatewayContract;
import dk.elleve.kit.test.OpenApiContract;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.ServiceSettings;
import dk.elleve.tlog.SignerKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class BackupServiceTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofSeconds(60);

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("backup")
                .with("elleve.backup.container", "service-test")
                .with("elleve.backup.drill.folder", "target/drills")
                .with("elleve.backup.drill.erasure-every", "0s")
                .register(registry);
    }

    /// Only now: in every moment that a drill restores after the erasure, somebody must know how to erase again.
    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("erasable", "signed_log");
    }

    @Test
    void what_the_gateway_relies_on_is_kept() {
        GatewayContract.isKeptBy(port);
    }

    @Test
    void the_committed_document_is_what_the_service_says_of_itself() {
        OpenApiContract.isWhatRuns("backup", port);
    }

    @Test
    void a_first_full_backup_is_taken_by_itself_and_becomes_evidence() throws Exception {
        until(
                "a first full backup",
                LONG,
                () -> get("/backups").body(),
                page -> page.get("items")
                        .valueStream()
                        .anyMatch(item -> item.get("state").stringValue().equals("completed")));

        try (var topics = TopicProbe.rig()) {
            var event = topics.await(
                            Topic.BACKUP_RUNS, LONG, heard -> heard.type().contains("backup-completed"))
                    .as(BackupEvent.BackupCompleted.class);
            assertThat(event.bytesRead()).isGreaterThan(10_000_000);
            assertThat(event.bytesStored()).isBetween(1_000_000L, event.bytesRead());
            var evidence = topics.await(
                            Topic.BACKUP_EVIDENCE,
                            LONG,
                            heard -> heard.as(Evidence.class).claim().equals("backup.full"))
                    .as(Evidence.class);
            assertThat(evidence.holds()).isTrue();
        }
    }

    @Test
    void an_ordered_backup_is_accepted_and_completed() throws Exception {
        var answer = post("/backups", "{\"kind\": \"full\"}", "administrator", null);

        assertThat(answer.status()).isEqualTo(202);
        var id = answer.body().get("id").stringValue();
        var done = until(
                "backup " + id,
                LONG,
                () -> get("/backups/" + id).body(),
                backup -> backup.get("state").stringValue().equals("completed"));
        assertThat(done.get("bytes").longValue()).isPositive();
    }

    @Test
    void the_same_order_with_the_same_key_is_one_backup() throws Exception {
        var first = post("/backups", "{\"kind\": \"full\"}", "administrator", "key-1");
        var second = post("/backups", "{\"kind\": \"full\"}", "administrator", "key-1");

        assertThat(second.body().get("id")).isEqualTo(first.body().get("id"));
    }

    @Test
    void a_kind_that_is_not_offered_is_refused_by_its_code() throws Exception {
        var answer = post("/backups", "{\"kind\": \"differential\"}", "administrator", null);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().get("code").stringValue()).isEqualTo("kind-not-offered");
    }

    @Test
    void only_administrators_order_and_auditors_may_look() throws Exception {
        assertThat(post("/backups", "{\"kind\": \"full\"}", "auditor", null).status())
                .isEqualTo(403);
        assertThat(post("/backups/drills", "{}", "auditor", null).status()).isEqualTo(403);
        assertThat(call("GET", "/backups/status", null, "auditor", null).status())
                .isEqualTo(200);
        assertThat(call("GET", "/backups", null, "nord-admin", null).status()).isEqualTo(403);
        assertThat(call("GET", "/backups", null, null, null).status()).isEqualTo(401);
    }

    @Test
    void an_incremental_backup_stands_on_the_full_one() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        // A run that is under way would be the answer, whatever kind was asked for.
        var done = until(
                "an incremental backup",
                LONG,
                this::orderIncremental,
                backup -> backup.get("kind").stringValue().equals("incremental")
                        && backup.get("state").stringValue().equals("completed"));

        assertThat(get("/backups/" + done.get("base").stringValue())
                        .body()
                        .get("kind")
                        .stringValue())
                .isEqualTo("full");
        assertThat(done.get("blocksStored").longValue())
                .isPositive()
                .isLessThan(done.get("blocks").longValue());
        assertThat(done.get("manifest").stringValue()).matches("[0-9a-f]{64}");
    }

    private JsonNode orderIncremental() throws Exception {
        var id = post("/backups", "{\"kind\": \"incremental\"}", "administrator", "incremental-1")
                .body()
                .get("id")
                .stringValue();
        return get("/backups/" + id).body();
    }

    @Test
    void the_vault_is_read_by_itself_and_on_demand() throws Exception {
        until(
                "a first reading",
                LONG,
                () -> get("/backups/verifications").body(),
                page -> page.get("items")
                        .valueStream()
                        .anyMatch(item -> item.get("state").stringValue().equals("passed")));

        var ordered = post("/backups/verifications", "{\"kind\": \"whole\"}", "administrator", null);

        assertThat(ordered.status()).isEqualTo(202);
        var id = ordered.body().get("id").stringValue();
        var done = until(
                "verification " + id,
                LONG,
                () -> get("/backups/verifications/" + id).body(),
                read -> !read.get("state").stringValue().equals("running"));
        assertThat(done.get("state").stringValue()).as(done.toString()).isEqualTo("passed");
        assertThat(done.get("objects").longValue())
                .isPositive()
                .isEqualTo(done.get("total").longValue());
        assertThat(post("/backups/verifications", "{\"kind\": \"half\"}", "administrator", null)
                        .body()
                        .get("code")
                        .stringValue())
                .isEqualTo("verification-kind-unknown");
    }

    @Test
    void what_a_reading_has_found_stays_true_until_everything_was_read_again() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        var vault = new BlobVault(new AzureBlobStore(Rig.azurite().connectionString()), "service-test");
        var cluster = "clusters/" + BackupRig.systemId() + "/";
        var today = Math.floorMod(Instant.now().getEpochSecond() / 86_400, 7);
        var segment = until(
                        "a segment that no sample reads today",
                        LONG,
                        () -> {
                            BackupRig.sql(
                                    "postgres",
                                    "SELECT pg_logical_emit_message(false, 'test', 'x')",
                                    "SELECT pg_switch_wal()");
                            return vault.list(cluster + "wal/").stream()
                                    .filter(name -> name.endsWith("sealed"))
                                    .filter(name -> Math.floorMod(
                                                    name.substring(cluster.length())
                                                            .hashCode(),
                                                    7)
                                            != today)
                                    .findFirst();
                        },
                        Optional::isPresent)
                .orElseThrow();
        var written = vault.get(segment).orElseThrow();
        var damaged = written.clone();
        damaged[damaged.length / 2] ^= 1;
        replace(vault, segment, damaged);
        try (var topics = TopicProbe.rig()) {
            var found = read("whole");
            assertThat(found.get("state").stringValue()).isEqualTo("failed");
            assertThat(said(topics, found).holds()).isFalse();

            var elsewhere = read("sample");
            assertThat(elsewhere.get("state").stringValue()).isEqualTo("passed");
            assertThat(said(topics, elsewhere).holds()).isFalse();
            assertThat(said(topics, elsewhere).facts())
                    .containsEntry("unmended", found.get("id").stringValue());

            replace(vault, segment, written);
            assertThat(said(topics, read("whole")).holds()).isTrue();
        } finally {
            replace(vault, segment, written);
        }
    }

    private JsonNode read(String kind) throws Exception {
        // One that is under way is the answer, and may have read the object before.
        until(
                "no reading under way",
                LONG,
                () -> get("/backups/verifications").body().get("items"),
                items -> items.valueStream()
                        .noneMatch(item -> item.get("state").stringValue().equals("running")));
        var id = post("/backups/verifications", "{\"kind\": \"" + kind + "\"}", "administrator", null)
                .body()
                .get("id")
                .stringValue();
        return until(
                "verification " + id,
                LONG,
                () -> get("/backups/verifications/" + id).body(),
                read -> !read.get("state").stringValue().equals("running"));
    }

    private static Evidence said(TopicProbe topics, JsonNode verification) {
        return topics.await(
                        Topic.BACKUP_EVIDENCE,
                        LONG,
                        heard -> verification
                                .get("id")
                                .stringValue()
                                .equals(heard.as(Evidence.class).facts().get("verification")))
                .as(Evidence.class);
    }

    private static void replace(BlobVault vault, String name, byte[] content) {
        vault.delete(name);
        vault.putIfAbsent(name, content);
    }

    @Test
    void wal_is_safe_within_seconds() throws Exception {
        eventually("young WAL", LONG, () -> {
            var status = get("/backups/status").body();
            assertThat(status.get("streaming").booleanValue()).isTrue();
            assertThat(Duration.parse(status.get("walAge").stringValue())).isLessThan(Duration.ofSeconds(11));
            assertThat(Instant.parse(status.get("lastWalAt").stringValue()))
                    .isAfter(Instant.now().minusSeconds(11));
            assertThat(status.get("gaps").isEmpty()).isTrue();
        });
    }

    @Test
    void who_may_look_sees_which_master_key_opens_the_backups_and_what_keeps_them() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));

        var keys = call("GET", "/backups/keys", null, "auditor", null);

        assertThat(keys.status()).isEqualTo(200);
        assertThat(keys.body().get("state").stringValue()).isEqualTo("current");
        assertThat(keys.body().get("current").stringValue()).hasSize(16);
        assertThat(keys.body().get("keys").intValue()).isPositive();
        assertThat(keys.body().get("wrappedByCurrent")).isEqualTo(keys.body().get("keys"));
        assertThat(keys.body().get("wrappedByOthers").isEmpty()).isTrue();
        assertThat(call("GET", "/backups/keys", null, "nord-admin", null).status())
                .isEqualTo(403);
        var immutability = get("/backups/status").body().get("immutability");
        assertThat(immutability.get("state").stringValue()).isEqualTo("unsupported");
    }

    @Test
    void a_drill_restores_and_compares_every_table() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));

        var ordered = post("/backups/drills", "{}", "administrator", null);

        assertThat(ordered.status()).isEqualTo(202);
        var drill = ordered.body().get("id").stringValue();
        var done = passed(drill);
        assertThat(Duration.parse(done.get("recoveryTime").stringValue())).isBetween(Duration.ofMillis(100), LONG);
        assertThat(Duration.parse(done.get("recoveryPoint").stringValue())).isLessThan(Duration.ofSeconds(30));
        assertThat(done.get("tablesCompared").intValue()).isGreaterThan(8);
        var told = evidence(drill);
        assertThat(told.claim()).isEqualTo("backup.drill");
        assertThat(told.holds()).isTrue();
    }

    @Test
    void a_drill_proves_the_audit_log_that_came_back() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        var key = SignerKey.parse(Rig.secrets().noteKey(ServiceSettings.LOG_NAME));
        var log = SignedLog.in("signed_log", key);

        var drill = post("/backups/drills", "{}", "administrator", null)
                .body()
                .get("id")
                .stringValue();

        var logs = passed(drill).get("logs");
        assertThat(logs.size()).isEqualTo(1);
        assertThat(logs.get(0).get("database").stringValue()).isEqualTo("signed_log");
        assertThat(logs.get(0).get("origin").stringValue()).isEqualTo(ServiceSettings.LOG_NAME);
        assertThat(logs.get(0).get("size").longValue()).isEqualTo(SignedLog.SIZE);
        assertThat(logs.get(0).get("root").stringValue()).isEqualTo(log.root().base64());
        assertThat(logs.get(0).get("anchor").stringValue()).isEqualTo("agrees");
        assertThat(evidence(drill).facts())
                .containsEntry("log", ServiceSettings.LOG_NAME)
                .containsEntry("logSize", "300")
                .containsEntry("logRoot", log.root().base64())
                .containsEntry("logAnchor", "agrees");
    }

    @Test
    void a_drill_ordered_while_another_runs_restores_what_was_done_before_the_order() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        var first = post("/backups/drills", "{}", "administrator", null)
                .body()
                .get("id")
                .stringValue();

        // As long as the first waits itself, it is the answer.
        var second = until(
                        "an order behind the first",
                        LONG,
                        () -> post("/backups/drills", "{}", "administrator", null)
                                .body(),
                        drill -> !drill.get("id").stringValue().equals(first))
                .get("id")
                .stringValue();
        var ordered = Instant.now();

        assertThat(get("/backups/drills/" + first).body().get("state").stringValue())
                .isEqualTo("running");
        var before = passed(first);
        var after = passed(second);
        assertThat(Instant.parse(after.get("restoredTo").stringValue()))
                .isAfter(Instant.parse(before.get("finishedAt").stringValue()))
                .isAfter(ordered);
    }

    @Test
    void a_drill_whose_process_was_stopped_is_taken_up_again() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));

        passed(foundRunning(1));
    }

    @Test
    void a_drill_that_its_processes_die_of_has_failed() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        var drill = foundRunning(3);

        var done = ended(drill);

        assertThat(done.get("state").stringValue()).isEqualTo("failed");
        assertThat(done.get("reason").stringValue())
                .isEqualTo("the service ended 3 times while the drill was under way");
        // It keeps the claim broken until another passes.
        passed(post("/backups/drills", "{}", "administrator", null)
                .body()
                .get("id")
                .stringValue());
    }

    /// What a drill that has passed says of the claim.
    private static Evidence evidence(String drill) {
        try (var topics = TopicProbe.rig()) {
            return topics.await(
                            Topic.BACKUP_EVIDENCE,
                            LONG,
                            heard -> heard.as(Evidence.class).facts().containsKey("rowsCompared")
                                    && drill.equals(
                                            heard.as(Evidence.class).facts().get("drill")))
                    .as(Evidence.class);
        }
    }

    /// A drill as a process leaves it that dies at it.
    ///
    /// @param starts how many have died so far
    private static String foundRunning(int starts) {
        var id = "drill-left-" + starts;
        until("no other drill runs", LONG, () -> leave(id, starts), left -> left == 1);
        return id;
    }

    private static int leave(String id, int starts) throws Exception {
        try (var connection = Rig.postgres().superuser("backup").getConnection();
                var left = connection.prepareStatement("""
                        INSERT INTO data.drill (id, cluster, state, cause, compared_with, requested_at, started_at, starts)
                        SELECT ?, system_identifier, 'running', 'requested', 'source', now(), now(), ?
                        FROM pg_control_system()
                        ON CONFLICT (cluster) WHERE state = 'running' DO NOTHING
                        """)) {
            left.setString(1, id);
            left.setInt(2, starts);
            return left.executeUpdate();
        }
    }

    private JsonNode ended(String drill) throws Exception {
        return until(
                "drill " + drill,
                LONG.multipliedBy(2),
                () -> get("/backups/drills/" + drill).body(),
                view -> !view.get("state").stringValue().equals("running"));
    }

    private JsonNode passed(String drill) throws Exception {
        var done = ended(drill);
        assertThat(done.get("state").stringValue()).as(done.toString()).isEqualTo("passed");
        return done;
    }

    @Test
    void a_drill_shows_by_itself_that_an_erased_tenant_cannot_be_read_in_an_older_backup() throws Exception {
        until("a full backup", LONG, () -> get("/backups/status").body(), status -> status.hasNonNull("lastFull"));
        BackupRig.database("erasable");
        try (var topics = TopicProbe.rig()) {
            BackupRig.sql("erasable", ErasablePeople.TABLES);
            // The mark of this drill is the moment that is restored later.
            passed(post("/backups/drills", "{}", "administrator", null)
                    .body()
                    .get("id")
                    .stringValue());
            BackupRig.sql("erasable", "DELETE FROM data.person WHERE tenant = 'other'");
            var other = new TenantId("other");
            var erased = new ErasureEvent.TenantErased(
                    other, 5, "key-2", Instant.now().truncatedTo(ChronoUnit.MICROS));
            topics.say(Topic.TENANTDATA_ERASURES, "erased-other", "other", "other", erased);
            topics.say(Topic.TENANTDATA_ERASURES, "erased-other", "other", "other", erased);

            var proven = until(
                    "the proof",
                    LONG.multipliedBy(2),
                    () -> call("GET", "/backups/erasures?tenant=other", null, "dpo", null)
                            .body()
                            .get("items"),
                    items -> items.size() == 1 && items.get(0).hasNonNull("drill"));

            var certificate = proven.get(0);
            assertThat(certificate.get("keyId").stringValue()).isEqualTo("key-2");
            assertThat(certificate.get("records").longValue()).isEqualTo(5);
            assertThat(certificate.get("recordsFound").longValue()).isEqualTo(5);
            assertThat(Instant.parse(certificate.get("erasedAt").stringValue())).isEqualTo(erased.erasedAt());
            var drill = get("/backups/drills/" + certificate.get("drill").stringValue())
                    .body();
            assertThat(drill.get("cause").stringValue()).isEqualTo("erasure");
            assertThat(drill.get("erasuresReplayed").intValue()).isEqualTo(1);
            assertThat(drill.get("recordsErased").longValue()).isEqualTo(5);
            assertThat(call("GET", "/backups/erasures", null, "nord-admin", null)
                            .status())
                    .isEqualTo(403);
        }
    }

    private record Answer(int status, JsonNode body) {}

    private Answer get(String path) throws IOException, InterruptedException {
        return call("GET", path, null, "administrator", null);
    }

    private Answer post(String path, String body, String user, String key) throws IOException, InterruptedException {
        return call("POST", path, body, user, key);
    }

    private Answer call(String method, String path, String body, String user, String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (user != null) {
            request.header("Authorization", Tokens.demo(user).bearer());
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
    }
}
