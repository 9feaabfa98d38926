package dk.elleve.audit;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.audit.AuditEvent.CheckpointPublished;
import dk.elleve.contracts.gateway.Access;
import dk.elleve.contracts.identity.LoginEvent.LoginSeen;
import dk.elleve.contracts.tenantdata.ErasureEvent.TenantErased;
import dk.elleve.contracts.tenantdata.Read;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.ServiceSettings;
import dk.elleve.tlog.TlogProof;
import dk.elleve.tlog.VerifierKey;
import dk.elleve.tlog.Verify;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class AuditStoryTest extends AuditRig {

    private static final TenantId NORD = new TenantId("nord");
    private static final TenantId HAVN = new TenantId("havn");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration PROMISED = Duration.ofSeconds(5);

    private static TopicProbe topics;

    private final Keyring keyring;

    @Autowired
    AuditStoryTest(Keyring keyring) {
        this.keyring = keyring;
    }

    @BeforeAll
    static void listen() {
        topics = TopicProbe.rig();
    }

    @AfterAll
    static void close() {
        topics.close();
    }

    @Test
    void a_change_is_in_the_log_with_who_made_it_and_how_the_row_was_and_became() throws Exception {
        keyring.create(NORD);
        var actor = new Actor(Actor.Kind.STAFF, UUID.randomUUID().toString(), "grant-7");
        Neighbours.TENANT_DATA.signed(
                actor,
                NORD,
                "INSERT INTO data.item VALUES ('nord', 1, NULL, 12.50, '2026-03-01T09:00:00Z')",
                "UPDATE data.item SET note = 'second' WHERE tenant_id = 'nord' AND id = 1",
                "UPDATE data.item SET id = 2 WHERE tenant_id = 'nord' AND id = 1",
                "DELETE FROM data.item WHERE tenant_id = 'nord' AND id = 2");

        var entries = entries("/audit/entries?tenant=nord&actor=" + actor.id(), found -> found.size() == 4);

        assertThat(kinds(entries)).containsExactly("delete", "update", "update", "insert");
        var insert = entries.get(3);
        assertThat(insert.path("resource").asString()).isEqualTo("tenant_data/item/nord,1");
        assertThat(insert.path("tenant").asString()).isEqualTo("nord");
        assertThat(insert.has("before")).isFalse();
        assertThat(insert.path("after").path("amount").asString()).isEqualTo("12.50");
        assertThat(insert.path("after").path("note").isNull()).isTrue();
        assertThat(insert.path("after").path("at").asString()).isEqualTo("2026-03-01T09:00:00.000000Z");
        assertThat(insert.path("actor").path("kind").asString()).isEqualTo("staff");
        assertThat(insert.path("actor").path("id").asString()).isEqualTo(actor.id());
        assertThat(insert.path("actor").path("grant").asString()).isEqualTo("grant-7");
        assertThat(insert.path("flags").toString()).contains("under-grant", "staff");
        var update = entries.get(2);
        assertThat(update.path("before").path("note").isNull()).isTrue();
        assertThat(update.path("after").path("note").asString()).isEqualTo("second");
        var moved = entries.get(1);
        assertThat(moved.path("before").path("id").asInt()).isEqualTo(1);
        assertThat(moved.path("after").path("id").asInt()).isEqualTo(2);
        assertThat(entries.getFirst().path("before").path("note").asString()).isEqualTo("second");
        assertThat(entries.getFirst().has("after")).isFalse();
    }

    @Test
    void a_change_nobody_signed_is_flagged_and_told_within_five_seconds() throws Exception {
        keyring.create(NORD);
        Neighbours.TENANT_DATA.signed(
                Actor.system("test/rows"),
                NORD,
                "INSERT INTO data.item SELECT 'nord', i, 'x' FROM generate_series(100, 102) i");
        var start = System.nanoTime();

        Neighbours.TENANT_DATA.unsigned(
                "tenant_data_migrator", List.of(), "UPDATE data.item SET note = 'mine' WHERE id BETWEEN 100 AND 102");

        var finding = finding(
                PROMISED, found -> found.facts().getOrDefault("rows.item", "").equals("3"));
        var seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("from SQL to finding: %.2f s%n", seconds);
        assertThat(seconds).isLessThan(PROMISED.toSeconds());
        assertThat(finding.kind()).isEqualTo("unattributed-change");
        assertThat(finding.tenant()).isEqualTo(NORD);
        assertThat(finding.resource()).isEqualTo("tenant_data/item");
        assertThat(finding.facts())
                .containsEntry("reason", "unattributed")
                .containsEntry("role", "tenant_data_migrator")
                .containsEntry("application", "test-tool")
                .containsEntry("table", "item")
                .containsEntry("rows", "3");
        assertThat(finding.facts().values()).as("no values of rows leave").noneMatch(fact -> fact.contains("mine"));
        var entries = entries(
                "/audit/entries?unattributed=true&resource=tenant_data/item&limit=200",
                found -> found.stream().anyMatch(each -> each.toString().contains("mine")));
        var entry = entries.getFirst();
        assertThat(entry.path("flags").toString()).contains("unattributed");
        assertThat(entry.path("actor").path("kind").asString()).isEqualTo("database");
        assertThat(entry.path("actor").path("id").asString()).isEqualTo("tenant_data_migrator");
        assertThat(entry.path("before").path("note").asString()).isEqualTo("x");
    }

    @Test
    void an_attribution_that_was_made_up_or_copied_is_told_as_such() throws Exception {
        Neighbours.BREACH.unsigned(
                "breach_service",
                List.of("1\tbreach\tuser\tsomebody\t-\t-\trequest\t2026-01-01T00:00:00Z\t1\tbm90IGEgbWFj"),
                "INSERT INTO data.item VALUES ('forge', 1)");
        var copied = new ArrayList<String>();
        try (var connection = Neighbours.BREACH.connect("breach_service")) {
            connection.setAutoCommit(false);
            copied.add(Neighbours.BREACH.message(connection, Actor.system("test/honest"), null));
            Neighbour.emit(connection, copied.getFirst());
            Neighbour.run(connection, "INSERT INTO data.item VALUES ('honest', 1)");
            connection.commit();
        }
        Neighbours.BREACH.unsigned("breach_service", copied, "INSERT INTO data.item VALUES ('copy', 1), ('copy', 2)");

        assertThat(finding(SOON, found -> "forged".equals(found.facts().get("reason")))
                        .facts())
                .containsEntry("role", "breach_service")
                .containsEntry("rows", "1");
        assertThat(finding(SOON, found -> "replayed".equals(found.facts().get("reason")))
                        .facts())
                .containsEntry("rows", "2");
        var honest = entries("/audit/entries?actor=test/honest", found -> found.size() == 1);
        assertThat(honest.getFirst().path("flags").toString()).isEqualTo("[\"system\"]");
    }

    @Test
    void a_lie_about_the_session_does_not_stop_the_capture() throws Exception {
        for (var lie : List.of("null", "{\"role\":null}", "{\"role\":{}}", "{\"role\":\"\\u0001\"}", "no json")) {
            try (var connection = Neighbours.BREACH.connect("breach_service")) {
                connection.setAutoCommit(false);
                try (var emit = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
                    emit.setString(1, "audit.session");
                    emit.setString(2, lie);
                    emit.execute();
                }
                Neighbour.run(connection, "INSERT INTO data.item SELECT 'liar', 1 + count(*) FROM data.item");
                connection.commit();
            }
        }
        Neighbours.BREACH.signed(
                Actor.system("test/after-lies"), null, "INSERT INTO data.item VALUES ('after-lies', 1)");

        entries("/audit/entries?actor=test/after-lies", found -> found.size() == 1);
    }

    @Test
    void emptying_a_table_and_changing_its_structure_are_entries() throws Exception {
        Neighbours.BREACH.migration(
                "CREATE TABLE data.scrap (id int PRIMARY KEY)", "SELECT kit.captured('data.scrap')");
        Neighbours.BREACH.signed(Actor.system("test/scrap"), null, "INSERT INTO data.scrap VALUES (1), (2)");
        Neighbours.BREACH.unsigned(
                "breach_migrator", List.of(), "TRUNCATE data.scrap", "ALTER TABLE data.scrap ADD COLUMN more int");
        Neighbours.BREACH.signed(Actor.system("test/scrap"), null, "INSERT INTO data.scrap VALUES (3, 33)");

        var finding = finding(
                SOON, found -> found.facts().getOrDefault("commands", "").contains("ALTER TABLE"));
        assertThat(finding.facts())
                .containsEntry("table", "ddl_log scrap")
                .containsEntry("rows.scrap", "1")
                .containsEntry("role", "breach_migrator");
        var entries = entries("/audit/entries?resource=breach/scrap", found -> found.size() == 4);
        assertThat(kinds(entries)).containsExactly("insert", "truncate", "insert", "insert");
        assertThat(entries.getFirst().path("after").path("more").asInt()).isEqualTo(33);
        assertThat(entries.get(1).path("flags").toString()).contains("mass", "unattributed");
        var ddl = entries(
                "/audit/entries?kind=ddl&unattributed=true",
                found ->
                        found.stream().anyMatch(each -> each.toString().contains("ALTER TABLE data.scrap ADD COLUMN")));
        assertThat(ddl.getFirst().path("flags").toString()).contains("ddl");
    }

    @Test
    void the_structure_of_the_tenants_database_is_told_in_full_too() throws Exception {
        Neighbours.TENANT_DATA.migration("CREATE TABLE data.told (id int PRIMARY KEY)");

        entries(
                "/audit/entries?kind=ddl&resource=tenant_data/ddl_log&limit=200",
                found -> found.stream().anyMatch(each -> each.toString().contains("CREATE TABLE data.told")));
    }

    @Test
    void a_refused_request_a_failed_login_and_an_erasure_become_entries() throws Exception {
        var who = UUID.randomUUID().toString();
        var event = UUID.randomUUID().toString();
        var access = new Access(
                "request-9",
                HAVN,
                new Actor(Actor.Kind.USER, who, null),
                "GET",
                "/areas/customers/collections/people/records/4711",
                404,
                "denied",
                -1,
                3,
                CLOCK.instant());
        topics.say(Topic.GATEWAY_ACCESSES, event, "havn", "havn", access);
        topics.say(Topic.GATEWAY_ACCESSES, event, "havn", "havn", access);
        topics.say(
                Topic.IDENTITY_LOGINS,
                null,
                who,
                new LoginSeen("kc-1", who, "login-error", "elleve-cli", "invalid_user_credentials", CLOCK.instant()));
        topics.say(
                Topic.TENANTDATA_ERASURES,
                "gone",
                "gone",
                new TenantErased(new TenantId("gone"), 42, "key-1", CLOCK.instant()));

        var entries = entries("/audit/entries?actor=" + who, found -> found.size() >= 2);
        var denied = entries.stream()
                .filter(each -> each.path("kind").asString().equals("access"))
                .toList();
        assertThat(denied).as("said twice, logged once").hasSize(1);
        assertThat(denied.getFirst().path("resource").asString())
                .isEqualTo("GET /areas/customers/collections/people/records/4711");
        assertThat(denied.getFirst().path("flags").toString()).contains("denied");
        assertThat(denied.getFirst().path("after").path("status").asInt()).isEqualTo(404);
        assertThat(entries.stream()
                        .filter(each -> each.path("kind").asString().equals("login"))
                        .findFirst()
                        .orElseThrow()
                        .path("after")
                        .path("error")
                        .asString())
                .isEqualTo("invalid_user_credentials");
        var erasure = entries("/audit/entries?kind=erasure&tenant=gone", found -> found.size() == 1)
                .getFirst();
        assertThat(erasure.path("after").path("records").asInt()).isEqualTo(42);
        assertThat(erasure.path("flags").toString()).contains("erasure");
    }

    @Test
    void a_list_goes_on_where_it_stopped_and_shows_each_entry_once() throws Exception {
        Neighbours.BREACH.signed(
                Actor.system("test/list"), null, "INSERT INTO data.item SELECT 'list', i FROM generate_series(1, 7) i");
        var all = entries("/audit/entries?actor=test/list&kind=insert", found -> found.size() == 7);

        var seen = new ArrayList<JsonNode>();
        var path = "/audit/entries?actor=test/list&kind=insert&limit=3";
        var page = get("auditor", path).json();
        while (true) {
            page.path("items").forEach(seen::add);
            if (!page.has("next")) {
                break;
            }
            var cursor = page.path("next").asString();
            assertThat(get("auditor", "/audit/entries?actor=test/other&limit=3&cursor=" + cursor)
                            .status())
                    .as("a cursor belongs to its filter")
                    .isEqualTo(400);
            page = get("auditor", path + "&cursor=" + cursor).json();
        }

        assertThat(seen).isEqualTo(all);
        var at = all.get(3).path("time").asString();
        assertThat(get("auditor", "/audit/entries?actor=test/list&from=" + at).items())
                .hasSize(7);
        assertThat(get("auditor", "/audit/entries?actor=test/list&to=" + at).items())
                .isEmpty();
        assertThat(get("auditor", "/audit/entries?from=yesterday").status()).isEqualTo(400);
    }

    @Test
    void everything_done_under_a_grant_is_one_query_and_so_is_who_looked_at_a_record() throws Exception {
        keyring.create(NORD);
        var grant = "grant-" + UUID.randomUUID();
        var record = UUID.randomUUID().toString();
        var other = UUID.randomUUID().toString();
        var staff = new Actor(Actor.Kind.STAFF, UUID.randomUUID().toString(), grant);
        Neighbours.TENANT_DATA.signed(staff, NORD, "INSERT INTO data.item VALUES ('nord', 880, 'under a grant')");
        topics.say(
                Topic.GATEWAY_ACCESSES,
                UUID.randomUUID().toString(),
                "nord",
                "nord",
                new Access("request-1", NORD, staff, "GET", "/areas", 200, "grant", -1, 3, CLOCK.instant()));
        topics.say(
                Topic.TENANTDATA_READS,
                "nord",
                "nord",
                new Read(
                        UUID.randomUUID().toString(),
                        NORD,
                        staff,
                        "customers",
                        "people",
                        List.of(record, other),
                        List.of("name"),
                        "support",
                        CLOCK.instant(),
                        "request-1"));

        var done = entries("/audit/entries?grant=" + grant, found -> found.size() == 3);
        assertThat(kinds(done)).containsExactlyInAnyOrder("insert", "access", "read");
        assertThat(done)
                .allSatisfy(each ->
                        assertThat(each.path("actor").path("grant").asString()).isEqualTo(grant));
        assertThat(get("auditor", "/audit/entries?grant=grant-of-nobody").items())
                .isEmpty();
        assertThat(get("havn-admin", "/audit/entries?grant=" + grant).items()).isEmpty();

        var looked = get("auditor", "/audit/entries?resource=tenant_data/record/nord,customers,people," + other)
                .items();
        assertThat(looked).hasSize(1);
        assertThat(looked.get(0).path("kind").asString()).isEqualTo("read");
        assertThat(get("nord-admin", "/audit/entries?resource=tenant_data/record/nord,customers,people," + record)
                        .items())
                .hasSize(1);
        assertThat(get("auditor", "/audit/entries?resource=tenant_data/record/havn,customers,people," + record)
                        .items())
                .isEmpty();
    }

    @Test
    void a_search_is_saved_narrowed_shared_and_asked_for_without_naming_anybody() throws Exception {
        keyring.create(NORD);
        Neighbours.BREACH.signed(
                Actor.system("test/saved"), null, "INSERT INTO data.item VALUES ('saved', 1), ('saved', 2)");
        entries("/audit/entries?actor=test/saved", found -> found.size() == 2);
        var body = "{\"name\": \"What the test did\", \"query\": {\"actor\": \"test/saved\", \"last\": \"PT9000H\"}}";
        var key = UUID.randomUUID().toString();
        var saved = post(Tokens.demo("auditor").bearer(), "/audit/searches", body, key);
        assertThat(saved.status()).isEqualTo(201);
        assertThat(saved.json().path("query").path("last").asString()).isEqualTo("PT9000H");
        var id = saved.json().path("id").asString();
        assertThat(post(Tokens.demo("auditor").bearer(), "/audit/searches", body, key)
                        .json()
                        .path("id")
                        .asString())
                .as("sent twice, saved once")
                .isEqualTo(id);

        assertThat(get("dpo", "/audit/entries?search=" + id).items()).hasSize(2);
        assertThat(get("dpo", "/audit/entries?search=" + id + "&resource=breach/item/saved,2")
                        .items())
                .as("narrowed")
                .hasSize(1);
        assertThat(get("dpo", "/audit/entries?search=" + id + "&kind=delete").items())
                .isEmpty();
        assertThat(get("dpo", "/audit/export?format=csv&search=" + id).text().lines())
                .hasSize(3);
        assertThat(get("dpo", "/audit/searches").items().toString())
                .contains("What the test did")
                .contains("\"mine\":false");

        assertThat(get("nord-admin", "/audit/searches").text()).doesNotContain(id);
        assertThat(get("nord-admin", "/audit/entries?search=" + id).status()).isEqualTo(404);
        var own = post(
                Tokens.demo("nord-admin").bearer(),
                "/audit/searches",
                "{\"name\": \"Ours\", \"query\": {\"kind\": \"insert\"}}",
                null);
        assertThat(own.status()).isEqualTo(201);
        assertThat(get("auditor", "/audit/searches").text())
                .doesNotContain(own.json().path("id").asString());
        try (var audit = Rig.postgres().superuser("audit").getConnection();
                var statement = audit.createStatement();
                var row = statement.executeQuery("SELECT bool_or(sealed::text LIKE '%' || encode('test', 'hex') || '%')"
                        + " FROM data.saved_search")) {
            row.next();
            assertThat(row.getBoolean(1)).as("nothing of it lies in the clear").isFalse();
        }

        assertThat(delete("dpo", "/audit/searches/" + id)).as("somebody else's").isEqualTo(403);
        assertThat(delete("auditor", "/audit/searches/" + id)).isEqualTo(204);
        assertThat(get("auditor", "/audit/entries?search=" + id).status()).isEqualTo(404);
        assertThat(get("auditor", "/audit/entries?last=yesterday").status()).isEqualTo(400);
        assertThat(post(Tokens.demo("auditor").bearer(), "/audit/searches", "{\"name\": \" \", \"query\": {}}", null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void tenants_see_their_own_entries_and_users_none() throws Exception {
        keyring.create(NORD);
        keyring.create(HAVN);
        Neighbours.TENANT_DATA.signed(
                Actor.system("test/two"), null, "INSERT INTO data.item VALUES ('nord', 500), ('havn', 500)");
        var both = entries("/audit/entries?actor=test/two", found -> found.size() == 2);
        var foreign = both.stream()
                .filter(each -> each.path("tenant").asString().equals("havn"))
                .findFirst()
                .orElseThrow()
                .path("index")
                .asString();

        var own = get("nord-admin", "/audit/entries?actor=test/two").items();
        assertThat(own).hasSize(1);
        assertThat(own.get(0).path("tenant").asString()).isEqualTo("nord");
        assertThat(get("nord-admin", "/audit/entries?tenant=havn").items()).isEmpty();
        assertThat(get("nord-admin", "/audit/entries/" + foreign).status()).isEqualTo(404);
        assertThat(get("nord-admin", "/audit/entries/" + foreign + "/proof").status())
                .isEqualTo(404);
        assertThat(get("havn-admin", "/audit/entries/" + foreign).status()).isEqualTo(200);
        assertThat(get("nord-user", "/audit/entries").status()).isEqualTo(403);
        assertThat(get("technical-manager", "/audit/entries").status()).isEqualTo(403);
        assertThat(get(null, "/audit/entries").status()).isEqualTo(401);
        assertThat(get("dpo", "/audit/entries/" + foreign).status()).isEqualTo(200);
    }

    @Test
    void what_breach_keeps_of_a_tenant_for_the_operators_eyes_is_shown_to_staff_only() throws Exception {
        keyring.create(NORD);
        var statements = new ArrayList<String>();
        for (var table : List.of("finding", "timeline", "mail", "incident")) {
            Neighbours.BREACH.migration(
                    "CREATE TABLE data." + table + " (id text PRIMARY KEY, tenant_id text, detail jsonb)",
                    "SELECT kit.captured('data." + table + "')");
            statements.add("INSERT INTO data." + table + " VALUES ('1', 'nord', '{\"address\": \"10.0.0.1\"}')");
        }
        Neighbours.BREACH.signed(Actor.system("test/operator"), NORD, statements.toArray(String[]::new));

        var entries = entries("/audit/entries?actor=test/operator", found -> found.size() == 4);
        assertThat(entries)
                .allSatisfy(each -> assertThat(each.path("after")
                                .path("detail")
                                .path("address")
                                .asString())
                        .isEqualTo("10.0.0.1"));
        for (var entry : entries) {
            var own = get("nord-admin", "/audit/entries/" + entry.path("index").asString());
            assertThat(own.status()).isEqualTo(200);
            assertThat(own.json().path("resource")).isEqualTo(entry.path("resource"));
            assertThat(own.json().has("after"))
                    .isEqualTo(entry.path("resource").asString().equals("breach/incident/1"));
        }
        assertThat(get("nord-admin", "/audit/entries?resource=breach/finding").text())
                .contains("breach/finding/1")
                .doesNotContain("10.0.0.1");
    }

    @Test
    void json_that_no_reader_takes_is_shown_as_a_text() throws Exception {
        Neighbours.BREACH.migration(
                "CREATE TABLE data.deep (id int PRIMARY KEY, fields jsonb)", "SELECT kit.captured('data.deep')");
        Neighbours.BREACH.signed(
                Actor.system("test/deep"),
                null,
                "INSERT INTO data.deep VALUES (1, (repeat('[', 600) || repeat(']', 600))::jsonb)",
                "INSERT INTO data.deep VALUES (2, repeat('9', 1200)::jsonb)",
                "INSERT INTO data.deep VALUES (3, '{\"level\": 3.00000000000000000001}')");

        var entries = entries("/audit/entries?actor=test/deep", found -> found.size() == 3);

        assertThat(entries.get(2).path("after").path("fields").asString()).hasSize(1200);
        assertThat(entries.get(1).path("after").path("fields").asString()).isEqualTo("9".repeat(1200));
        assertThat(get("auditor", "/audit/entries?actor=test/deep").text()).contains("3.00000000000000000001");
    }

    @Test
    void an_export_is_verified_by_a_stranger_whole_redacted_and_in_parts(@TempDir Path folder) throws Exception {
        keyring.create(NORD);
        for (int i = 1; i <= 3; i++) {
            Neighbours.TENANT_DATA.signed(
                    Actor.system("test/export"),
                    NORD,
                    "INSERT INTO data.item VALUES ('nord', " + (700 + i) + ", 'told')");
        }
        var query = "/audit/export?tenant=nord&actor=test/export";
        var whole = until(
                "three entries under a checkpoint",
                SOON,
                () -> get("nord-admin", query),
                export -> export.status() == 200 && export.text().lines().count() == 5);

        assertThat(whole.text()).contains("\"note\":\"told\"");
        assertThat(verify(Files.writeString(folder.resolve("whole.jsonl"), whole.text())
                        .toString()))
                .satisfies(verified ->
                        assertThat(verified.status()).as(verified.text()).isZero());
        var lied = whole.text().replaceFirst("told", "lied");
        assertThat(verify(Files.writeString(folder.resolve("lied.jsonl"), lied).toString())
                        .status())
                .isEqualTo(1);

        var redacted = get("auditor", query + "&redacted=true").text();
        assertThat(redacted).doesNotContain("told", "test/export");
        assertThat(verify(Files.writeString(folder.resolve("redacted.jsonl"), redacted)
                                .toString())
                        .status())
                .isZero();

        var lines = whole.text().lines().toList();
        var cut = String.join("\n", lines.subList(0, 3)) + "\n";
        assertThat(verify(Files.writeString(folder.resolve("cut.jsonl"), cut).toString())
                        .status())
                .isEqualTo(1);
        var second = Pattern.compile("\"index\":([0-9]+)").matcher(lines.get(2));
        assertThat(second.find()).isTrue();
        var rest = get("nord-admin", query + "&after=" + second.group(1)).text();
        assertThat(verify(Files.writeString(folder.resolve("parts.jsonl"), cut + rest)
                                .toString())
                        .status())
                .isZero();

        assertThat(get("havn-admin", query).text().lines()).hasSize(2);
        assertThat(get("nord-user", query).status()).isEqualTo(403);
        assertThat(get("auditor", "/audit/export?format=xls").status()).isEqualTo(400);
        for (var format : List.of("csv", "ocsf", "cef", "syslog")) {
            assertThat(get("auditor", query + "&format=" + format).text()).contains("test/export");
        }
    }

    @Test
    void a_stranger_verifies_an_entry_and_the_whole_log(@TempDir Path folder) throws Exception {
        Neighbours.BREACH.signed(Actor.system("test/proof"), null, "INSERT INTO data.item VALUES ('proof', 1)");
        var index = entries("/audit/entries?actor=test/proof", found -> found.size() == 1)
                .getFirst()
                .path("index")
                .asLong();
        var proof = until(
                "a proof",
                SOON,
                () -> get("auditor", "/audit/entries/" + index + "/proof"),
                answer -> answer.status() == 200);
        var parsed = TlogProof.parse(proof.text());
        assertThat(parsed.index()).isEqualTo(index);
        parsed.verify(parsed.extra().orElseThrow().bytes(), List.of(VerifierKey.parse(verifierKey())));

        var file = Files.writeString(folder.resolve("entry.tlog-proof"), proof.text());
        assertThat(verify(file.toString()).status()).isZero();
        for (int at :
                new int[] {proof.text().indexOf("extra") + 60, proof.text().indexOf("index") + 30}) {
            var bytes = proof.text().getBytes(StandardCharsets.UTF_8);
            bytes[at] = (byte) (bytes[at] == 'A' ? 'B' : 'A');
            var flipped = Files.write(folder.resolve("flipped.tlog-proof"), bytes);
            var refused = verify(flipped.toString());
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.text()).contains("FAILED", "flipped.tlog-proof");
        }

        var checkpoint = get(null, "/log/checkpoint");
        assertThat(checkpoint.status()).isEqualTo(200);
        var older = Files.writeString(folder.resolve("older"), checkpoint.text());
        var whole = verify(address() + "/log", "--since", older.toString());
        assertThat(whole.status()).as(whole.text()).isZero();
        assertThat(get(null, "/log/tile/0/x999/999").status()).isEqualTo(404);
        assertThat(get(null, "/log/tile/../checkpoint").status()).isIn(400, 404);
    }

    @Test
    void every_checkpoint_is_told_on_its_topic() throws Exception {
        Neighbours.BREACH.signed(Actor.system("test/told"), null, "INSERT INTO data.item VALUES ('told', 1)");
        entries("/audit/entries?actor=test/told", found -> found.size() == 1);

        eventually("the shown checkpoint is on the topic", SOON, () -> {
            var shown = get(null, "/log/checkpoint").text();
            assertThat(topics.all(Topic.AUDIT_CHECKPOINTS).stream()
                            .map(heard -> heard.as(CheckpointPublished.class).checkpoint()))
                    .contains(shown);
        });
    }

    @Test
    void a_changed_payload_is_named_and_hides_nobody_elses() throws Exception {
        Neighbours.BREACH.signed(
                Actor.system("test/payload"), null, "INSERT INTO data.item VALUES ('payload', 1), ('payload', 2)");
        var index = entries("/audit/entries?actor=test/payload", found -> found.size() == 2)
                .getFirst()
                .path("index")
                .asLong();
        var flip = """
                UPDATE data.entry SET payload = set_byte(payload, 40, get_byte(payload, 40) # 1)
                WHERE id = (SELECT entry_id FROM data.leaf WHERE index = %d)
                """.formatted(index);
        try (var audit = Rig.postgres().superuser("audit").getConnection()) {
            Neighbour.run(audit, flip);
            var list = get("auditor", "/audit/entries?actor=test/payload");
            Neighbour.run(audit, flip);

            assertThat(list.status()).isEqualTo(200);
            assertThat(list.items().get(0).path("flags").toString()).contains("damaged");
            assertThat(list.items().get(0).has("after")).isFalse();
            assertThat(list.items().get(1).path("after").path("id").asInt()).isEqualTo(1);
        }
    }

    @Test
    void a_closed_tenants_images_are_gone_and_its_proofs_stay() throws Exception {
        var tenant = new TenantId("lukket");
        keyring.create(tenant);
        Neighbours.TENANT_DATA.signed(
                Actor.system("test/closing"), tenant, "INSERT INTO data.item VALUES ('lukket', 1, 'private')");
        var entry = entries("/audit/entries?tenant=lukket", found -> found.size() == 1)
                .getFirst();
        assertThat(entry.path("after").path("note").asString()).isEqualTo("private");
        var path = "/audit/entries/" + entry.path("index").asString();

        keyring.destroy(tenant);

        var closed = get("auditor", path).json();
        assertThat(closed.path("flags").toString()).contains("erased");
        assertThat(closed.has("after") || closed.has("actor") || closed.has("resource"))
                .isFalse();
        var proof = until("a proof", SOON, () -> get("auditor", path + "/proof"), answer -> answer.status() == 200);
        var parsed = TlogProof.parse(proof.text());
        parsed.verify(parsed.extra().orElseThrow().bytes(), List.of(VerifierKey.parse(verifierKey())));
        assertThat(verify(address() + "/log").status()).isZero();

        Neighbours.TENANT_DATA.signed(
                Actor.system("test/late"), tenant, "UPDATE data.item SET note = 'late' WHERE tenant_id = 'lukket'");
        var late = entries("/audit/entries?actor=test/late", found -> found.size() == 1)
                .getFirst();
        assertThat(late.has("before") || late.has("after"))
                .as("without the tenant's key its rows are not kept")
                .isFalse();
    }

    @Test
    void a_quiet_source_lets_its_wal_go_while_others_work() throws Exception {
        Neighbours.BREACH.signed(
                Actor.system("test/busy"),
                null,
                "INSERT INTO data.item SELECT 'busy', i, repeat('x', 500) FROM generate_series(1, 500) i");
        try (var connection = Rig.postgres().superuser("postgres").getConnection();
                var statement = connection.createStatement()) {
            String now;
            try (var row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
                row.next();
                now = row.getString(1);
            }
            eventually("no slot holds what was written before", SOON, () -> {
                try (var row = statement.executeQuery("SELECT count(*) FROM pg_replication_slots "
                        + "WHERE slot_name LIKE 'audit_%' AND confirmed_flush_lsn < '" + now + "'")) {
                    row.next();
                    assertThat(row.getInt(1)).isZero();
                }
            });
        }
    }

    @Test
    void a_slot_that_somebody_dropped_is_told_as_a_gap_and_the_capture_goes_on() throws Exception {
        try (var connection = Rig.postgres().superuser("identity").getConnection()) {
            eventually("the slot is dropped", SOON, () -> {
                Neighbour.run(
                        connection,
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'audit_identity'",
                        "SELECT pg_drop_replication_slot('audit_identity')");
            });
        }

        var finding = finding(
                SOON,
                found -> found.kind().equals("audit-gap")
                        && "identity".equals(found.facts().get("database")));
        assertThat(finding.facts()).containsEntry("reason", "slot-missing");
        entries(
                "/audit/entries?kind=gap",
                found -> found.stream().anyMatch(each -> each.toString().contains("slot-missing")));
        eventually("the capture goes on", SOON, () -> {
            var actor = "test/after-gap-" + UUID.randomUUID();
            Neighbours.IDENTITY.signed(
                    Actor.system(actor), null, "INSERT INTO data.item SELECT 'gap', 1 + count(*) FROM data.item");
            until(
                    "the change",
                    Duration.ofSeconds(3),
                    () -> get("auditor", "/audit/entries?actor=" + actor).items(),
                    items -> items.size() == 1);
        });
    }

    @Test
    void only_signers_may_put_messages_into_the_wal_of_a_captured_database() throws Exception {
        for (var database : ClusterProvisioner.CAPTURED) {
            try (var connection = Rig.postgres().superuser(database).getConnection();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("""
                            SELECT r.rolname
                            FROM pg_roles r, pg_proc p
                            WHERE p.proname = 'pg_logical_emit_message' AND NOT r.rolsuper AND r.rolcanlogin
                              AND has_function_privilege(r.oid, p.oid, 'EXECUTE')
                            """)) {
                var may = new HashSet<String>();
                while (rows.next()) {
                    may.add(rows.getString(1));
                }
                assertThat(may)
                        .containsExactlyInAnyOrderElementsOf(
                                database.equals("keycloak")
                                        ? List.of("audit_capture")
                                        : List.of(database + "_service", "audit_capture"));
            }
        }
        assertThatThrownBy(() -> Neighbours.BREACH.unsigned("backup_wire", List.of("x")))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void there_are_eleven_answers_and_none_is_better_than_its_weakest_claim() throws Exception {
        evidence(Topic.BACKUP_EVIDENCE, "backup.full", true);

        var two = until(
                "the claim is proven",
                SOON,
                () -> get(null, "/answers/2").json(),
                answer -> claim(answer, "backup.full").path("state").asString().equals("proven"));

        assertThat(get(null, "/answers").items()).hasSize(11);
        assertThat(get(null, "/answers/12").status()).isEqualTo(404);
        assertThat(two.path("state").asString()).isEqualTo("unproven");
        assertThat(two.path("question").path("da").asString()).isEqualTo("Hvordan og hvor tages der backup?");
        var proven = claim(two, "backup.full");
        assertThat(proven.path("freshFor").asString()).isEqualTo("PT1H30M");
        assertThat(proven.path("lastProof").isString()).isTrue();
        assertThat(proven.path("evidence").path("facts").path("bytes").asString())
                .isEqualTo("7");
        var index = until(
                "the evidence has its place in the log",
                SOON,
                () -> claim(get(null, "/answers/2").json(), "backup.full")
                        .path("evidence")
                        .path("index"),
                JsonNode::isNumber);
        assertThat(get("auditor", "/audit/entries/" + index.asString())
                        .json()
                        .path("resource")
                        .asString())
                .isEqualTo("claim/backup.full");
    }

    @Test
    void evidence_turns_an_answer_and_age_turns_it_back() throws Exception {
        evidence(Topic.TENANTDATA_EVIDENCE, "encryption.fields", true);
        stateOf(11, "proven");
        evidence(Topic.TENANTDATA_EVIDENCE, "encryption.fields", false);
        var broken = stateOf(11, "broken");
        assertThat(broken.path("claims").get(0).path("lastProof").isString())
                .as("when it last held is still told")
                .isTrue();
        evidence(Topic.BACKUP_EVIDENCE, "encryption.fields", true);
        evidence(Topic.TENANTDATA_EVIDENCE, "antivirus.upload", true);
        evidence(Topic.TENANTDATA_EVIDENCE, "encryption.fields", true);
        stateOf(11, "proven");

        CLOCK.advance(Duration.ofHours(26));

        var stale = stateOf(11, "stale");
        var claim = claim(stale, "encryption.fields");
        assertThat(Instant.parse(stale.path("since").asString()))
                .as("since the proof was too old, not since somebody noticed")
                .isEqualTo(Instant.parse(claim.path("lastProof").asString())
                        .plus(Duration.parse(claim.path("freshFor").asString())));
        var history = until(
                "history",
                SOON,
                () -> get(null, "/answers/11/history").json(),
                found -> found.path("items").get(0).path("state").asString().equals("stale"));
        assertThat(history.path("items")
                        .valueStream()
                        .map(each -> each.path("state").asString()))
                .startsWith("stale", "proven", "broken", "proven");
        assertThat(history.path("provenShare").asDouble()).isBetween(0.0, 1.0);
        assertThat(history.path("items").get(0).has("until")).isFalse();
        assertThat(get(null, "/answers/3").json().path("state").asString())
                .as("what has no owner is proven by nobody")
                .isEqualTo("unproven");
    }

    @Test
    void evidence_of_somebody_else_does_not_count() throws Exception {
        evidence(Topic.IDENTITY_EVIDENCE, "residency.breach", true);
        evidence(Topic.IDENTITY_EVIDENCE, "residency.identity", true);

        until(
                "the honest one counts",
                SOON,
                () -> get(null, "/answers/1").json(),
                answer -> claim(answer, "residency.identity")
                        .path("state")
                        .asString()
                        .equals("proven"));
        assertThat(claim(get(null, "/answers/1").json(), "residency.breach")
                        .path("state")
                        .asString())
                .isEqualTo("unproven");
    }

    @Test
    void the_network_is_measured_by_the_deployment_on_a_topic_that_this_service_makes() throws Exception {
        try (var admin = Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Rig.kafka().bootstrapServers()))) {
            assertThat(admin.listTopics().names().get()).contains(Topic.DEPLOY_EVIDENCE.wireName());
        }
        evidence(Topic.DEPLOY_EVIDENCE, "network.reachability", true);
        evidence(Topic.DEPLOY_EVIDENCE, "network.diagram", false);
        evidence(Topic.IDENTITY_EVIDENCE, "network.diagram", true);

        stateOf(6, "proven");
        stateOf(7, "broken");

        evidence(Topic.DEPLOY_EVIDENCE, "network.diagram", true);
        stateOf(7, "proven");
        CLOCK.advance(Duration.ofHours(26));
        stateOf(6, "stale");
    }

    @Test
    void changes_without_an_author_break_the_fifth_answer_at_once() throws Exception {
        Neighbours.BREACH.unsigned("breach_service", List.of(), "INSERT INTO data.item VALUES ('break', 1)");

        until(
                "the claim breaks",
                SOON,
                () -> claim(get(null, "/answers/5").json(), "access.attributed")
                        .path("state")
                        .asString(),
                "broken"::equals);
    }

    private JsonNode stateOf(int number, String state) {
        return until(
                "answer " + number + " is " + state,
                SOON,
                () -> {
                    var answer = get(null, "/answers/" + number).json();
                    return answer.has("since") ? answer : answer.path("not-written-down-yet");
                },
                answer -> answer.path("state").asString("").equals(state));
    }

    private static JsonNode claim(JsonNode answer, String id) {
        return answer.path("claims")
                .valueStream()
                .filter(claim -> claim.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void evidence(Topic topic, String claim, boolean holds) {
        topics.say(
                topic,
                null,
                claim,
                new Evidence(UUID.randomUUID().toString(), claim, holds, CLOCK.instant(), Map.of("bytes", "7")));
    }

    private static Finding finding(Duration limit, Predicate<Finding> fits) {
        return topics.await(Topic.AUDIT_FINDINGS, limit, heard -> fits.test(heard.as(Finding.class)))
                .as(Finding.class);
    }

    private List<JsonNode> entries(String path, Predicate<List<JsonNode>> fits) {
        return until(
                "entries at " + path,
                SOON,
                () -> get("auditor", path).items().valueStream().toList(),
                fits);
    }

    private static List<String> kinds(List<JsonNode> entries) {
        return entries.stream().map(each -> each.path("kind").asString()).toList();
    }

    private static String verifierKey() {
        return Rig.secrets().noteVerifierKey(ServiceSettings.LOG_NAME);
    }

    private static Answer verify(String target, String... options) {
        var arguments = new ArrayList<>(List.of(target, "--vkey", verifierKey()));
        arguments.addAll(List.of(options));
        var out = new ByteArrayOutputStream();
        var print = new PrintStream(out, true, StandardCharsets.UTF_8);
        int status = Verify.run(print, print, arguments.toArray(String[]::new));
        return new Answer(status, out.toString(StandardCharsets.UTF_8));
    }
}
