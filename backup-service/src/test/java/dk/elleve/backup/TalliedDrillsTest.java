package dk.elleve.backup;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.wire.Wire;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.test.SealedSamples;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The story of a cluster whose log is told: its process hears the tallies, is started again, and
/// restores what they speak of.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TalliedDrillsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String DATABASE = "told";
    private static final String KEY_SETTING = "elleve.fingerprint-key";
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final FingerprintKey FINGERPRINTS = FingerprintKey.parse(KEY);
    private static final String CONTAINER =
            "tallied-" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    private static Path folder;

    private OwnCluster source;
    private String cluster;
    private ConfigurableApplicationContext process;

    /// Said again in every test that follows.
    private TablesTallied told;

    @BeforeAll
    void start() throws Exception {
        SealedSamples.ensureTopics("dk.elleve.backup");
        source = new OwnCluster();
        source.sql(
                "GRANT pg_read_all_data TO backup_wire",
                "ALTER ROLE backup_wire BYPASSRLS",
                "CREATE DATABASE " + DATABASE);
        write(
                "CREATE SCHEMA data",
                "CREATE TABLE data.account (id int PRIMARY KEY, owner text)",
                "INSERT INTO data.account SELECT g, 'owner ' || g FROM generate_series(1, 50) g",
                "CREATE TABLE data.note (body text)",
                "INSERT INTO data.note VALUES ('from before the log began')");
        try (var wire = Wire.connect(source.server(), "test")) {
            cluster = wire.identify().systemId();
        }
        begin("6d", true);
        until(
                "a full backup",
                LONG,
                () -> call("GET", "/backups/status", null).body(),
                status -> status.hasNonNull("lastFull"));
    }

    @AfterAll
    void stop() throws Exception {
        process.close();
        source.close();
        BackupRig.sql(
                "backup",
                "DELETE FROM kit.scheduled_tasks WHERE task_name LIKE '%-" + cluster + "'",
                "DELETE FROM data.cluster WHERE id = '" + cluster + "'",
                "DELETE FROM data.erasure WHERE cluster = '" + cluster + "'",
                "DELETE FROM data.drill WHERE cluster = '" + cluster + "'",
                "DELETE FROM data.verification WHERE cluster = '" + cluster + "'",
                "DELETE FROM data.backup_run WHERE cluster = '" + cluster + "'",
                "DELETE FROM data.content_mark WHERE cluster = '" + cluster + "'",
                "DELETE FROM data.log_mark WHERE cluster = '" + cluster + "'");
    }

    /// @param every how often a drill is due by schedule
    private void begin(String every, boolean withKey) {
        var settings = ServiceRig.of("backup")
                .with("elleve.backup.container", CONTAINER)
                .with("elleve.backup.cluster-name", "told")
                .with("elleve.backup.wire.host", "127.0.0.1")
                .with("elleve.backup.wire.port", Integer.toString(source.port()))
                .with("elleve.backup.wire.password", source.password("backup_wire"))
                .with("elleve.backup.drill.folder", "target/tallied-drills")
                .with("elleve.backup.drill.every", every)
                .with("elleve.spool.directory", folder.resolve("spool").toString())
                .with("server.port", "0");
        var values = new LinkedHashMap<>(
                (withKey ? settings.with(KEY_SETTING, KEY) : settings.without(KEY_SETTING)).values());
        process = new SpringApplicationBuilder(BackupApplication.class)
                .run(values.entrySet().stream()
                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new));
    }

    @Test
    @Order(1)
    void before_anything_was_told_no_copy_can_be_compared_with_the_log() throws Exception {
        var refused = order("{\"comparedWith\": \"log\"}");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("code").stringValue()).isEqualTo("no-tally");
        assertThat(refused.body().get("detail").stringValue()).contains("told no tally of this cluster yet");
        var unknown = order("{\"comparedWith\": \"memory\"}");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.body().get("code").stringValue()).isEqualTo("comparison-unknown");
    }

    @Test
    @Order(2)
    void the_first_drill_by_schedule_compares_with_the_source_and_says_why_not_with_the_log() {
        var first = finished("scheduled", "source");

        assertThat(first.get("state").stringValue()).as(first.toString()).isEqualTo("passed");
        assertThat(facts().get("comparedWith").stringValue()).isEqualTo("source");
        assertThat(facts().get("tally").stringValue()).startsWith("not compared: audit-service has told no tally");
    }

    @Test
    @Order(3)
    void what_was_tallied_without_a_known_beginning_or_under_another_key_is_no_moment_to_restore() throws Exception {
        say(tallied(List.of(new Table("account", 3, null)), FINGERPRINTS.id(), here()));
        say(tallied(log(), "0123456789abcdef", here()));

        eventually("both are heard", LONG, () -> assertThat(heard()).isEqualTo("2"));
        var refused = order("{\"comparedWith\": \"log\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("detail").stringValue()).contains("has a table that can be compared");
    }

    @Test
    @Order(4)
    void what_is_told_twice_is_kept_once() throws Exception {
        told = tallied(log(), FINGERPRINTS.id(), here());
        say(told);
        say(told);
        say(told, "told again under another id");

        eventually("it is heard", LONG, () -> assertThat(heard()).isEqualTo("3"));
    }

    @Test
    @Order(5)
    void after_a_restart_the_newest_moment_of_the_log_is_restored_and_agrees() throws Exception {
        process.close();
        begin("6d", true);
        say(told);
        write("INSERT INTO data.account VALUES (1000, 'since then')");

        var drill = ordered("log");

        assertThat(drill.get("state").stringValue()).as(drill.toString()).isEqualTo("passed");
        assertThat(drill.get("comparedWith").stringValue()).isEqualTo("log");
        assertThat(drill.get("position").stringValue()).isEqualTo(told.position());
        assertThat(drill.get("tablesCompared").intValue()).isEqualTo(1);
        assertThat(drill.get("rowsCompared").longValue()).isEqualTo(50);
        assertThat(drill.get("tablesNotComparable").intValue()).isEqualTo(1);
        assertThat(heard()).isEqualTo("3");
        var facts = facts();
        assertThat(facts.get("comparedWith").stringValue()).isEqualTo("log");
        assertThat(facts.get("tablesCompared").stringValue()).isEqualTo("1");
        assertThat(facts.get("rowsCompared").stringValue()).isEqualTo("50");
        assertThat(facts.get("tablesNotComparable").stringValue()).isEqualTo("1");
        assertThat(facts.has("tally")).isFalse();
    }

    @Test
    @Order(6)
    void an_order_that_names_no_comparison_is_compared_with_the_source_as_it_is_now() throws Exception {
        var byLog = order("{\"comparedWith\": \"log\"}").body().get("id").stringValue();
        var bySource = order("{}").body().get("id").stringValue();

        assertThat(bySource).as("an order of its own").isNotEqualTo(byLog);
        assertThat(done(byLog).get("comparedWith").stringValue()).isEqualTo("log");
        var drill = done(bySource);
        assertThat(drill.get("state").stringValue()).as(drill.toString()).isEqualTo("passed");
        assertThat(drill.get("comparedWith").stringValue()).isEqualTo("source");
        assertThat(drill.get("tablesNotComparable").intValue()).isZero();
        assertThat(facts().has("tally")).isFalse();
    }

    @Test
    @Order(7)
    void by_schedule_the_log_follows_the_source() {
        process.close();
        begin("0s", true);

        assertThat(finished("scheduled", "log").get("state").stringValue()).isEqualTo("passed");
    }

    @Test
    @Order(8)
    void a_row_that_came_past_the_log_fails_the_drill_and_the_claim() throws Exception {
        process.close();
        var log = log();
        write("INSERT INTO data.account VALUES (1001, 'past the log')");
        begin("6d", true);
        say(tallied(log, FINGERPRINTS.id(), here()));
        eventually("it is heard", LONG, () -> assertThat(heard()).isEqualTo("4"));

        var drill = ordered("log");

        assertThat(drill.get("state").stringValue()).isEqualTo("failed");
        assertThat(drill.get("reason").stringValue())
                .contains("told.account: 51 rows by the log, 52 restored")
                .doesNotContain("past the log");
        assertThat(facts().get("reason").stringValue()).contains("51 rows by the log");
        assertThat(facts().get("comparedWith").stringValue()).isEqualTo("log");
    }

    @Test
    @Order(9)
    void without_the_key_drills_compare_with_the_source_only_and_say_so() throws Exception {
        process.close();
        begin("6d", false);

        var refused = order("{\"comparedWith\": \"log\"}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().get("detail").stringValue()).contains("there is no elleve.fingerprint-key");
        var drill = ordered("source");
        assertThat(drill.get("state").stringValue()).as(drill.toString()).isEqualTo("passed");
        assertThat(facts().get("tally").stringValue()).isEqualTo("not compared: there is no elleve.fingerprint-key");
        assertThat(claim().get("state").stringValue())
                .as("what the source agrees to does not mend what the log has found")
                .isEqualTo("fails");
        assertThat(facts().get("unmended").stringValue()).endsWith("compared with the log");
    }

    @Test
    @Order(10)
    void a_copy_that_agrees_with_the_log_again_mends_the_claim() throws Exception {
        process.close();
        begin("6d", true);
        say(tallied(log(), FINGERPRINTS.id(), here()));
        eventually("it is heard", LONG, () -> assertThat(heard()).isEqualTo("5"));

        assertThat(ordered("log").get("state").stringValue()).isEqualTo("passed");
        assertThat(claim().get("state").stringValue()).isEqualTo("holds");
        assertThat(facts().has("unmended")).isFalse();
    }

    @Test
    @Order(11)
    void every_event_that_was_ever_on_the_wire_of_its_topics_is_taken() {
        // Erasures are known by their own id in the journal, and leave no mark in the inbox.
        SealedSamples.areTakenBy(
                "backup",
                "dk.elleve.backup",
                "dk.elleve.tenantdata.subject-erased.v1",
                "dk.elleve.tenantdata.tenant-erased.v1");
    }

    private void write(String... statements) throws Exception {
        try (var connection = source.connect(DATABASE);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private Tallied log() throws Exception {
        try (var connection = source.connect(DATABASE)) {
            return Tallied.now(FINGERPRINTS, DATABASE, connection);
        }
    }

    /// A position of its own for each call, also where nobody else writes.
    private String here() throws Exception {
        source.sql("SELECT pg_logical_emit_message(true, 'test', 'x')");
        return source.value("SELECT pg_current_wal_insert_lsn()");
    }

    /// The log knows when the accounts began, and not when the notes did.
    private TablesTallied tallied(Tallied log, String keyId, String position) {
        var tables = Stream.concat(
                log.at(cluster, position).stream().filter(table -> table.name().equals("account")),
                Stream.of(new Table("note", 0, null)));
        return tallied(tables.toList(), keyId, position);
    }

    private TablesTallied tallied(List<Table> tables, String keyId, String position) {
        return new TablesTallied(
                cluster, 1, DATABASE, position, Instant.now().truncatedTo(ChronoUnit.MICROS), keyId, true, tables);
    }

    private void say(TablesTallied tallied) {
        say(tallied, "told-" + cluster + tallied.position() + tallied.keyId());
    }

    private void say(TablesTallied tallied, String id) {
        try (var topics = TopicProbe.rig()) {
            topics.say(Topic.AUDIT_TALLIES, id, null, cluster, tallied);
        }
    }

    private String heard() throws Exception {
        return BackupRig.value("backup", "SELECT count(*) FROM data.log_mark WHERE cluster = '" + cluster + "'");
    }

    private Answer order(String body) throws Exception {
        return call("POST", "/backups/drills", body);
    }

    private JsonNode ordered(String comparedWith) throws Exception {
        var ordered = order("{\"comparedWith\": \"" + comparedWith + "\"}");
        assertThat(ordered.status()).as(ordered.body().toString()).isEqualTo(202);
        return done(ordered.body().get("id").stringValue());
    }

    private JsonNode done(String drill) {
        return until(
                "drill " + drill,
                LONG,
                () -> call("GET", "/backups/drills/" + drill, null).body(),
                view -> !view.get("state").stringValue().equals("running"));
    }

    private JsonNode finished(String cause, String comparedWith) {
        return until(
                        "a drill of cause " + cause + ", compared with the " + comparedWith,
                        LONG,
                        () -> call("GET", "/backups/drills?cluster=" + cluster, null)
                                .body()
                                .get("items")
                                .valueStream()
                                .filter(drill -> drill.get("cause")
                                                .stringValue()
                                                .equals(cause)
                                        && drill.get("comparedWith")
                                                .stringValue()
                                                .equals(comparedWith)
                                        && !drill.get("state").stringValue().equals("running"))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    /// What the process has measured of its cluster's drills.
    private JsonNode facts() {
        return claim().get("facts");
    }

    private JsonNode claim() {
        return until(
                        "facts of the newest drill",
                        () -> call("GET", "/backups/clusters", null)
                                .body()
                                .get("items")
                                .valueStream()
                                .filter(each -> each.get("id").stringValue().equals(cluster))
                                .flatMap(each -> each.get("claims").valueStream())
                                .filter(claim ->
                                        claim.get("claim").stringValue().equals("backup.drill"))
                                .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private record Answer(int status, JsonNode body) {}

    private Answer call(String method, String path, String body) throws IOException, InterruptedException {
        var port = process.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
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
