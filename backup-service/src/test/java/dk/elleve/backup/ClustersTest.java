package dk.elleve.backup;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.erasure.Erasure;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgram;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.wire.Wire;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.tenantdata.ErasureEvent;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two clusters, each with a process of its own, on one catalogue, one container and the same topics.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClustersTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String CONTAINER =
            "clusters-" + UUID.randomUUID().toString().substring(0, 8);
    private static final String SLOT = "clusters_test";

    /// A cluster whose process has not run for long.
    private static final String AWAY = "999";

    /// A cluster whose part of the vault another master key has locked.
    private static final String LOCKED = "7";

    @TempDir
    private static Path folder;

    @LocalServerPort
    private int port;

    private OwnCluster northern;
    private ConfigurableApplicationContext northernProcess;
    private Connection holdingBack;
    private String rig;
    private String north;

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        settings().register(registry);
    }

    private static ServiceRig settings() {
        return ServiceRig.of("backup")
                .with("elleve.backup.container", CONTAINER)
                .with("elleve.backup.wal.slot", SLOT)
                .with("elleve.backup.cluster-name", "rig")
                .without("elleve.backup.postgres.programs");
    }

    @BeforeAll
    void start() throws Exception {
        forgetWhatIsKnown();
        rig = BackupRig.systemId();
        BackupRig.database("clustered");
        BackupRig.sql("clustered", ErasablePeople.TABLES);
        BackupRig.sql("clustered", "CREATE TABLE lies AS SELECT 'in the rig' AS at");
        try (var topics = TopicProbe.rig()) {
            topics.say(Topic.TENANTDATA_ERASURES, "clusters-before", "early", "early", erased("early"));
        }
        eventually(
                "the erasure is known",
                LONG,
                () -> assertThat(erasures("early", rig)).hasSize(1));

        northern = new OwnCluster();
        northern.sql(ErasablePeople.TABLES);
        northern.sql("CREATE TABLE lies AS SELECT 'in the north' AS at");
        try (var wire = Wire.connect(northern.server(), "test")) {
            north = wire.identify().systemId();
        }
        // A run of the northern cluster that is not committed holds its own first one back.
        holdingBack = Rig.postgres().superuser("backup").getConnection();
        holdingBack.setAutoCommit(false);
        try (var statement = holdingBack.createStatement()) {
            statement.execute("INSERT INTO data.backup_run (id, cluster, kind, state, cause, requested_at) "
                    + "VALUES ('held', '" + north + "', 'full', 'queued', 'test', now())");
        }
        // So old that db-scheduler would clear it away at once if it were not told otherwise.
        BackupRig.sql("backup", """
                INSERT INTO kit.scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                VALUES ('backup-runs-%s', 'recurring', now() - interval '15 days', false, 1)
                """.formatted(AWAY));
        northernProcess = new SpringApplicationBuilder(BackupApplication.class).run(northernArguments());
    }

    private String[] northernArguments() {
        var values = new LinkedHashMap<>(settings()
                .with("elleve.backup.cluster-name", "north")
                .with("elleve.backup.wire.host", "127.0.0.1")
                .with("elleve.backup.wire.port", Integer.toString(northern.port()))
                .with("elleve.backup.wire.password", northern.password("backup_wire"))
                .with("elleve.spool.directory", folder.resolve("spool").toString())
                .with("server.port", "0")
                .values());
        return values.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toArray(String[]::new);
    }

    @AfterAll
    void stop() throws Exception {
        holdingBack.close();
        northernProcess.close();
        // Without its row no task runs again: else what is forgotten would be written anew at once.
        eventually("no task is left", LONG, () -> {
            BackupRig.sql("backup", "DELETE FROM kit.scheduled_tasks WHERE NOT picked");
            assertThat(BackupRig.value("backup", "SELECT count(*) FROM kit.scheduled_tasks"))
                    .isEqualTo("0");
        });
        northern.close();
        forgetWhatIsKnown();
        BackupRig.forget("clustered");
    }

    /// The database is the rig's, and other tests leave and find there what concerns another container.
    private static void forgetWhatIsKnown() throws Exception {
        BackupRig.sql("backup", """
                TRUNCATE data.cluster, data.backup_run, data.wal_gap, data.drill, data.verification, data.content_mark,
                    data.log_mark, data.erasure CASCADE
                """);
    }

    @Test
    @Order(1)
    void a_claim_is_withheld_until_every_cluster_has_measured_it_and_holds_when_it_holds_for_all() throws Exception {
        until("both clusters", LONG, this::clusters, found -> found.keySet().containsAll(List.of("rig", "north")));
        var listed = Instant.now();
        var ordered = post("/backups", "{\"kind\": \"full\"}").body().get("id").stringValue();
        await(port, ordered, "completed");
        eventually("the rig's cluster has measured, the other has not", LONG, () -> {
            assertThat(Instant.parse(claim("rig", "backup.full").get("at").stringValue()))
                    .isAfter(listed);
            assertThat(claim("north", "backup.full").get("state").stringValue()).isEqualTo("unmeasured");
        });
        eventually(
                "what was to be said is said",
                LONG,
                () -> assertThat(BackupRig.value(
                                "backup", "SELECT count(*) FROM kit.outbox WHERE topic = 'backup.evidence.v1'"))
                        .isEqualTo("0"));

        try (var topics = TopicProbe.rig()) {
            assertThat(topics.all(Topic.BACKUP_EVIDENCE))
                    .map(heard -> heard.as(Evidence.class))
                    .noneMatch(said -> isFullSince(said, listed));

            holdingBack.rollback();

            var evidence = topics.await(
                            Topic.BACKUP_EVIDENCE, LONG, heard -> isFullSince(heard.as(Evidence.class), listed))
                    .as(Evidence.class);
            assertThat(evidence.holds()).isTrue();
            assertThat(evidence.facts()).containsEntry("clusters", "2").doesNotContainKey("failing");
        }
        assertThat(claim("north", "backup.full").get("state").stringValue()).isEqualTo("holds");
    }

    private static boolean isFullSince(Evidence said, Instant listed) {
        return said.claim().equals("backup.full") && said.measuredAt().isAfter(listed);
    }

    @Test
    @Order(2)
    void a_backup_ordered_at_one_for_the_other_is_carried_out_by_the_other() throws Exception {
        until(
                "no run of the north",
                LONG,
                () -> pageOf(north),
                page -> page.valueStream()
                        .allMatch(run -> run.get("state").stringValue().equals("completed")));

        var ordered = post("/backups", "{\"kind\": \"incremental\", \"cluster\": \"" + north + "\"}");

        assertThat(ordered.status()).isEqualTo(202);
        assertThat(ordered.body().get("cluster").stringValue()).isEqualTo(north);
        var id = ordered.body().get("id").stringValue();
        var done = await(northernPort(), id, "completed");
        assertThat(done.get("cluster").stringValue()).isEqualTo(north);
        assertThat(vault().list("clusters/" + north + "/base/" + id + "/")).isNotEmpty();
        assertThat(vault().list("clusters/" + rig + "/base/" + id + "/")).isEmpty();
        assertThat(pageOf(north).valueStream())
                .allMatch(run -> run.get("cluster").stringValue().equals(north));
        assertThat(pageOf(rig).valueStream())
                .isNotEmpty()
                .allMatch(run -> run.get("cluster").stringValue().equals(rig));
    }

    @Test
    @Order(3)
    void the_vault_of_the_other_is_read_on_order_and_a_drill_it_is_not_set_up_for_is_refused() throws Exception {
        var ordered = post("/backups/verifications", "{\"kind\": \"sample\", \"cluster\": \"" + north + "\"}");
        assertThat(ordered.status()).isEqualTo(202);
        var id = ordered.body().get("id").stringValue();
        var done = until(
                "verification " + id,
                LONG,
                () -> call(port, "GET", "/backups/verifications/" + id, null).body(),
                read -> !read.get("state").stringValue().equals("running"));
        assertThat(done.get("state").stringValue()).as(done.toString()).isEqualTo("passed");
        assertThat(done.get("cluster").stringValue()).isEqualTo(north);

        assertThat(code(503, post("/backups/drills", "{\"cluster\": \"" + north + "\"}")))
                .isEqualTo("drills-not-set-up");
    }

    @Test
    @Order(4)
    void a_cluster_that_nobody_knows_takes_no_orders() throws Exception {
        assertThat(code(404, post("/backups", "{\"kind\": \"full\", \"cluster\": \"1\"}")))
                .isEqualTo("cluster-unknown");
        assertThat(code(404, post("/backups/verifications", "{\"kind\": \"whole\", \"cluster\": \"1\"}")))
                .isEqualTo("cluster-unknown");
        assertThat(code(404, post("/backups/drills", "{\"cluster\": \"1\"}"))).isEqualTo("cluster-unknown");
        assertThat(code(404, call(port, "DELETE", "/backups/clusters/1", null))).isEqualTo("cluster-unknown");
    }

    @Test
    @Order(5)
    void a_cursor_goes_on_in_the_list_it_was_made_for_and_in_no_other() throws Exception {
        var first = call(port, "GET", "/backups?limit=1&cluster=" + north, null).body();
        var next = first.get("next").stringValue();

        var second = call(port, "GET", "/backups?limit=1&cluster=" + north + "&cursor=" + next, null);

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body().get("items").get(0).get("id"))
                .isNotEqualTo(first.get("items").get(0).get("id"));
        assertThat(code(400, call(port, "GET", "/backups?cluster=" + rig + "&cursor=" + next, null)))
                .isEqualTo("invalid-cursor");
        assertThat(code(400, call(port, "GET", "/backups?cursor=" + next, null)))
                .isEqualTo("invalid-cursor");
    }

    @Test
    @Order(6)
    void an_erasure_stands_in_every_journal_also_in_that_of_a_cluster_that_came_later() throws Exception {
        eventually("the journal has what was erased before the process started", LONG, () -> {
            assertThat(journal(north)).contains("clusters-before");
            assertThat(erasures("early", north)).hasSize(1);
        });

        try (var topics = TopicProbe.rig()) {
            topics.say(Topic.TENANTDATA_ERASURES, "clusters-since", "late", "late", erased("late"));
        }

        eventually("both journals", LONG, () -> {
            assertThat(journal(rig)).contains("clusters-before", "clusters-since");
            assertThat(journal(north)).contains("clusters-before", "clusters-since");
            assertThat(erasures("late", rig)).hasSize(1);
            assertThat(erasures("late", north))
                    .singleElement()
                    .satisfies(each ->
                            assertThat(each.get("cluster").stringValue()).isEqualTo(north));
        });
    }

    @Test
    @Order(7)
    void a_part_of_the_vault_that_cannot_be_opened_keeps_no_erasure_from_the_other_journals() throws Exception {
        new ClusterVault(vault(), BackupRig.OTHER_KEY, LOCKED).putIfAbsent("erasures", "erasures/0-0", new byte[1]);
        BackupRig.sql("backup", "INSERT INTO data.cluster VALUES ('" + LOCKED + "', 'locked', false, now())");
        try (var topics = TopicProbe.rig()) {
            topics.say(Topic.TENANTDATA_ERASURES, "clusters-locked", "last", "last", erased("last"));

            eventually("both journals", LONG, () -> {
                assertThat(journal(rig)).contains("clusters-locked");
                assertThat(journal(north)).contains("clusters-locked");
            });
            assertThat(erasures("last", LOCKED)).isEmpty();
        } finally {
            BackupRig.sql("backup", "DELETE FROM data.cluster WHERE id = '" + LOCKED + "'");
        }
    }

    @Test
    @Order(8)
    void a_restore_of_each_gives_its_own_data() throws Exception {
        assertThat(restored(rig, Rig.secrets().password("postgres"), "clustered"))
                .isEqualTo("in the rig");
        assertThat(restored(north, northern.password("postgres"), "postgres")).isEqualTo("in the north");
    }

    private String restored(String cluster, String password, String database) throws Exception {
        Files.writeString(folder.resolve("storage"), Rig.azurite().connectionString());
        Files.writeString(folder.resolve("master.key"), Rig.secrets().key("master"));
        var file = Files.writeString(folder.resolve("restore.properties"), """
                elleve.blob.connection-string-file = storage
                elleve.backup.container = %s
                elleve.master-key-file = master.key
                """.formatted(CONTAINER));
        var landing = new Landing(BackupRig.folder(), BackupRig.freePort());
        RestoreProgram.run(
                "--latest",
                "--cluster",
                cluster,
                "--to",
                landing.folder().toString(),
                "--port",
                Integer.toString(landing.port()),
                "--settings",
                file.toString(),
                "--programs",
                Rig.postgresPrograms().toString());
        try (var server = RestoredServer.start(Rig.postgresPrograms(), landing, LONG);
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/" + database,
                        "postgres",
                        password)) {
            return BackupRig.value(connection, "SELECT at FROM lies");
        }
    }

    @Test
    @Order(9)
    void no_process_takes_or_clears_away_the_tasks_of_a_cluster_whose_process_is_away() throws Exception {
        assertThat(BackupRig.value(
                        "backup",
                        "SELECT picked || ' ' || version FROM kit.scheduled_tasks WHERE task_name = 'backup-runs-"
                                + AWAY + "'"))
                .isEqualTo("false 1");
    }

    @Test
    @Order(10)
    void a_cluster_is_retired_only_when_its_process_is_gone_and_then_holds_nothing_down() throws Exception {
        assertThat(code(409, call(port, "DELETE", "/backups/clusters/" + north, null)))
                .isEqualTo("cluster-alive");
        assertThat(tasksOf(north)).isEqualTo("7");
        northernProcess.close();
        BackupRig.sql(
                "backup", "UPDATE kit.cluster_seen SET at = at - interval '6 minutes' WHERE cluster = '" + north + "'");
        var measured = Instant.parse(claim("rig", "backup.full").get("at").stringValue());

        assertThat(call(port, "DELETE", "/backups/clusters/" + north, null).status())
                .isEqualTo(204);

        assertThat(clusters()).containsOnlyKeys("rig");
        assertThat(tasksOf(north)).isEqualTo("0");
        assertThat(tasksOf(rig)).isEqualTo("7");
        assertThat(vault().list("clusters/" + north + "/base/")).isNotEmpty();
        try (var topics = TopicProbe.rig()) {
            topics.await(
                    Topic.BACKUP_EVIDENCE,
                    LONG,
                    heard -> heard.as(Evidence.class).claim().equals("backup.full")
                            && heard.as(Evidence.class).measuredAt().equals(measured)
                            && !heard.as(Evidence.class).facts().containsKey("clusters"));
        }
    }

    private static String tasksOf(String cluster) throws Exception {
        return BackupRig.value(
                "backup", "SELECT count(*) FROM kit.scheduled_tasks WHERE task_name LIKE '%-" + cluster + "'");
    }

    private static ErasureEvent erased(String tenant) {
        return new ErasureEvent.TenantErased(
                new TenantId(tenant), 1, "key-" + tenant, Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    private static BlobVault vault() {
        return new BlobVault(new AzureBlobStore(Rig.azurite().connectionString()), CONTAINER);
    }

    private static List<String> journal(String cluster) {
        var key = MasterKey.fromBase64(Rig.secrets().key("master"));
        return new ErasureJournal(new ClusterVault(vault(), key, cluster))
                .since(Instant.now().minus(Duration.ofHours(2))).stream()
                        .map(Erasure::id)
                        .toList();
    }

    private List<JsonNode> erasures(String tenant, String cluster) throws Exception {
        return call(port, "GET", "/backups/erasures?tenant=" + tenant + "&cluster=" + cluster, null)
                .body()
                .get("items")
                .valueStream()
                .toList();
    }

    private JsonNode pageOf(String cluster) throws Exception {
        return call(port, "GET", "/backups?cluster=" + cluster, null).body().get("items");
    }

    private Map<String, JsonNode> clusters() throws Exception {
        var found = new LinkedHashMap<String, JsonNode>();
        call(port, "GET", "/backups/clusters", null)
                .body()
                .get("items")
                .forEach(each -> found.put(each.get("name").stringValue(), each));
        return found;
    }

    private JsonNode claim(String name, String claim) throws Exception {
        return clusters()
                .get(name)
                .get("claims")
                .valueStream()
                .filter(each -> each.get("claim").stringValue().equals(claim))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode await(int at, String id, String state) {
        return until(
                "backup " + id,
                LONG,
                () -> call(at, "GET", "/backups/" + id, null).body(),
                backup -> backup.get("state").stringValue().equals(state));
    }

    private int northernPort() {
        return northernProcess.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private record Answer(int status, JsonNode body) {}

    private static String code(int status, Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        return answer.body().get("code").stringValue();
    }

    private Answer post(String path, String body) throws IOException, InterruptedException {
        return call(port, "POST", path, body);
    }

    private static Answer call(int at, String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + path))
                .header("Content-Type", "application/json")
                .header("Authorization", Tokens.demo("administrator").bearer())
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(
                response.statusCode(),
                response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
    }
}
