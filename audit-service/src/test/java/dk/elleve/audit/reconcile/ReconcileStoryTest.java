package dk.elleve.audit.reconcile;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.Neighbour;
import dk.elleve.audit.capture.Comparer;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.fingerprint.LiveTables;
import dk.elleve.kit.fingerprint.RowHash;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.PostgresServer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

class ReconcileStoryTest extends AuditRig {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Actor WORKER = Actor.system("test/reconcile");

    private static TopicProbe topics;

    private static final FingerprintKey KEY =
            FingerprintKey.parse(ServiceRig.of("audit").values().get("elleve.fingerprint-key"));

    private final Comparer comparer;
    private final Tallier tallier;
    private final Keyring keyring;

    @Autowired
    ReconcileStoryTest(Comparer comparer, Tallier tallier, Keyring keyring) {
        this.comparer = comparer;
        this.tallier = tallier;
        this.keyring = keyring;
    }

    @BeforeAll
    static void listen() {
        topics = TopicProbe.rig();
    }

    /// What was there before its log is taken as it is, once.
    @BeforeEach
    void begin() throws Exception {
        compared("breach");
    }

    @AfterAll
    static void close() {
        topics.close();
    }

    /// Each type with values that are written in more than one way.
    private static final Map<String, List<String>> KINDS = new TreeMap<>(Map.ofEntries(
            Map.entry("boolean", List.of("true", "false")),
            Map.entry("smallint", List.of("-32768", "7")),
            Map.entry("int", List.of("2147483647", "-1")),
            Map.entry("bigint", List.of("-9223372036854775808", "0")),
            Map.entry(
                    "numeric",
                    List.of("1.50", "0.000000010", "1e20", "-0.10", "100", "'NaN'", "'Infinity'", "'-Infinity'")),
            Map.entry("numeric(10,2)", List.of("1.5", "12345678.90")),
            Map.entry("real", List.of("0.1", "1e-20", "'NaN'", "'-Infinity'", "'-0'", "16777217")),
            Map.entry("float8", List.of("0.1", "1e300", "'Infinity'", "'-0'", "12345678901234567890")),
            Map.entry("text", List.of("E'æøå \\n ''quoted'''", "''", "repeat('long', 5000)")),
            Map.entry("varchar(20)", List.of("'short'")),
            Map.entry("char(5)", List.of("'f'", "''")),
            Map.entry("uuid", List.of("'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'")),
            Map.entry("jsonb", List.of("'{\"b\": 1, \"a\": 1.50}'", "'null'", "'[1e3]'")),
            Map.entry("json", List.of("'{\"kept\":  \"as is\"}'")),
            Map.entry("bytea", List.of("'\\x00ff'", "''")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "'2026-03-01T09:00:00.123456+02'",
                            "'0044-03-15 12:00+00 BC'",
                            "'infinity'",
                            "'-infinity'")),
            Map.entry("timestamp", List.of("'2026-03-01T09:00:00.5'", "'1815-12-10'", "'infinity'", "'-infinity'")),
            Map.entry("date", List.of("'1815-12-10'", "'4713-01-01 BC'", "'infinity'", "'-infinity'")),
            Map.entry("time", List.of("'23:59:59.000001'", "'24:00'")),
            Map.entry("text[]", List.of("ARRAY['x', NULL, 'y,z', '']", "'{}'")),
            Map.entry("int[]", List.of("ARRAY[1, NULL, 3]")),
            Map.entry("boolean[]", List.of("ARRAY[true, false]")),
            Map.entry("uuid[]", List.of("ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid]")),
            Map.entry("inet", List.of("'10.0.0.1'", "'10.0.0.0/8'", "'::1'")),
            Map.entry("xid8", List.of("pg_current_xact_id()")),
            Map.entry("pg_lsn", List.of("'16/B374D848'", "'0/0'")),
            Map.entry("data.mood", List.of("'glad'")),
            Map.entry("data.positive", List.of("5")),
            Map.entry("int GENERATED ALWAYS AS (id * 2) STORED", List.of("DEFAULT"))));

    /// What an entry shows in such a way that no row can be made of it again: then rows are not named.
    private static final Set<String> ODD = Set.of(
            "'null'", // looks like none in JSON
            "'{\"kept\":  \"as is\"}'",
            "'0044-03-15 12:00+00 BC'",
            "'4713-01-01 BC'");

    @Test
    void rows_of_every_type_are_the_same_in_the_table_and_in_the_log() throws Exception {
        Neighbours.BREACH.migration(
                "CREATE TYPE data.mood AS ENUM ('sad', 'glad')",
                "CREATE DOMAIN data.positive AS bigint CHECK (VALUE > 0)");
        var tables = new TreeMap<String, String>();
        for (var kind : KINDS.entrySet()) {
            for (var value : kind.getValue()) {
                var table = "kind_" + tables.size();
                tables.put(table, kind.getKey() + " " + value);
                table(table, "id int PRIMARY KEY, value " + kind.getKey());
                var into = "INSERT INTO data." + table + " VALUES (";
                work(
                        into + "1, " + value + ")",
                        into + "2, " + value + ")",
                        "INSERT INTO data." + table + " (id) VALUES (3)",
                        "UPDATE data." + table + " SET id = 4 WHERE id = 1",
                        "DELETE FROM data." + table + " WHERE id = 2");
            }
        }

        var compared = compared("breach");

        var wrong = new TreeMap<>(tables);
        wrong.keySet()
                .removeIf(table -> of(compared, table).path("state").asString().equals("equal"));
        for (var table : wrong.entrySet()) {
            table.setValue(table.getValue() + ": "
                    + get("auditor", "/audit/entries?kind=insert&limit=1&resource=breach/" + table.getKey() + "/1")
                            .text());
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_table_in_use_is_compared_at_one_position_and_no_transaction_is_cut_in_two() throws Exception {
        table("busy", "id bigint PRIMARY KEY, note text");
        try (var writers = new Writers(3)) {
            for (int time = 0; time < 4; time++) {
                int before = writers.written();
                var compared = compared("breach");
                assertThat(of(compared, "busy").path("state").asString())
                        .as(compared.toString())
                        .isEqualTo("equal");
                assertThat(writers.written()).as("somebody wrote meanwhile").isGreaterThan(before);
            }
        }
    }

    @Test
    void what_a_superuser_did_past_the_log_is_found_told_and_stays_so_until_somebody_answers_for_it() throws Exception {
        table("ledger", "id bigint PRIMARY KEY, note text");
        work("INSERT INTO data.ledger SELECT i, 'note ' || i FROM generate_series(1, 100) i");
        assertThat(of(compared("breach"), "ledger").path("state").asString()).isEqualTo("equal");

        hidden(
                "DELETE FROM data.ledger WHERE id = 7",
                "UPDATE data.ledger SET note = 'never said' WHERE id = 8",
                "INSERT INTO data.ledger VALUES (666, 'never said either')");
        var different = compared("breach");

        assertThat(different.path("state").asString()).isEqualTo("different");
        var table = of(different, "ledger");
        assertThat(table.path("state").asString()).isEqualTo("different");
        assertThat(table.path("logged").asLong()).isEqualTo(100);
        assertThat(table.path("live").asLong()).isEqualTo(100);
        assertThat(rows(table)).containsExactly("changed 8", "missing 7", "unexpected 666");
        assertThat(table.path("more").asLong()).isZero();
        var finding = topics.await(
                        Topic.AUDIT_FINDINGS,
                        heard -> heard.as(Finding.class).resource().equals("breach/ledger"))
                .as(Finding.class);
        assertThat(finding.kind()).isEqualTo("database-difference");
        assertThat(finding.facts())
                .containsEntry("rowsByTheLog", "100")
                .containsEntry("rowsInTheTable", "100")
                .containsEntry("changed", "8")
                .containsEntry("missing", "7")
                .containsEntry("unexpected", "666")
                .doesNotContainKey("more");
        assertThat(finding.facts().values()).noneMatch(fact -> fact.contains("never said"));
        until(
                "the claim is broken",
                SOON,
                this::claim,
                claim -> claim.path("state").asString().equals("broken"));

        work("UPDATE data.ledger SET note = 'as usual' WHERE id = 9", "INSERT INTO data.ledger VALUES (101, 'new')");
        var still = of(compared("breach"), "ledger");
        assertThat(still.path("state").asString())
                .as("work goes on and hides nothing")
                .isEqualTo("different");
        assertThat(rows(still)).isEqualTo(rows(table));
        assertThat(topics.all(Topic.AUDIT_FINDINGS).stream()
                        .map(heard -> heard.as(Finding.class))
                        .filter(each -> each.resource().equals("breach/ledger"))
                        .map(Finding::id)
                        .distinct())
                .as("the same difference is the same finding")
                .hasSize(1);

        assertThat(accept(different, "ledger").status()).as("an old comparison").isEqualTo(409);
        var newest = compared("breach");
        assertThat(accept(newest, "busy-not-there").status()).isEqualTo(422);
        assertThat(post(
                                Tokens.demo("auditor").bearer(),
                                "/audit/reconciliations/" + newest.path("id").asString() + "/acceptance",
                                "{\"table\": \"ledger\", \"reason\": \"restored\"}",
                                null)
                        .status())
                .isEqualTo(403);
        assertThat(accept(newest, "ledger").status()).isEqualTo(200);

        until(
                "the table begins anew",
                SOON,
                () -> of(compared("breach"), "ledger").path("state").asString(),
                "equal"::equals);
        assertThat(get("auditor", "/audit/entries?kind=change&resource=reconciliation/breach/ledger")
                        .text())
                .contains("restored");

        hidden("UPDATE data.ledger SET note = 'again' WHERE id = 10");
        assertThat(rows(of(compared("breach"), "ledger")))
                .as("what was answered for is not told again")
                .containsExactly("changed 10");
        accept(newest("breach"), "ledger");
    }

    @Test
    void rows_of_every_type_are_named_when_they_differ_and_no_others() throws Exception {
        table(
                "every",
                KINDS.keySet().stream()
                        .filter(type -> !type.startsWith("data."))
                        .map(type -> "\"" + type + "\" " + type)
                        .collect(Collectors.joining(", ", "id int, part text, ", ", PRIMARY KEY (part, id)")));
        int id = 0;
        for (var kind : KINDS.entrySet()) {
            for (var value : kind.getValue()) {
                if (!kind.getKey().startsWith("data.") && !ODD.contains(value)) {
                    work("INSERT INTO data.every (id, part, \"" + kind.getKey() + "\") VALUES (" + ++id + ", 'a', "
                            + value + ")");
                }
            }
        }
        assertThat(of(compared("breach"), "every").path("state").asString()).isEqualTo("equal");

        hidden("UPDATE data.every SET \"text\" = 'never said' WHERE id = 3", "DELETE FROM data.every WHERE id = 4");

        assertThat(rows(of(compared("breach"), "every"))).containsExactly("changed a,3", "missing a,4");

        hidden("DELETE FROM data.every");
        var every = of(compared("breach"), "every");
        Neighbours.BREACH.migration("DROP TABLE data.every");
        assertThat(rows(every))
                .as("named if each of them could be made again of what its entry says")
                .hasSize(20)
                .allMatch(row -> row.startsWith("missing "));
        assertThat(every.path("more").asInt()).isEqualTo(id - 20);
    }

    @Test
    void a_table_that_the_log_never_heard_of_can_be_taken_as_it_is() throws Exception {
        table("unheard", "id bigint PRIMARY KEY");
        hidden("INSERT INTO data.unheard VALUES (1)");
        var compared = compared("breach");
        assertThat(rows(of(compared, "unheard"))).containsExactly("unexpected 1");

        assertThat(accept(compared, "unheard").status()).isEqualTo(200);

        until(
                "the table begins with what is there",
                SOON,
                () -> of(compared("breach"), "unheard").path("state").asString(),
                "equal"::equals);
        work("INSERT INTO data.unheard VALUES (2)", "DELETE FROM data.unheard WHERE id = 1");
        assertThat(of(compared("breach"), "unheard").path("state").asString()).isEqualTo("equal");
        Neighbours.BREACH.migration("DROP TABLE data.unheard");
    }

    @Test
    void rows_keep_their_names_through_new_columns_moved_keys_tenants_and_an_emptied_table() throws Exception {
        // Of a tenant without a key the log holds no values.
        keyring.create(new TenantId("nord"));
        table("various", "tenant_id text, id bigint PRIMARY KEY, note text");
        work("INSERT INTO data.various SELECT NULL, i, 'gone' FROM generate_series(1, 30) i");
        Neighbours.BREACH.migration("TRUNCATE data.various");
        work(
                "INSERT INTO data.various SELECT CASE i % 3 WHEN 0 THEN 'nord' WHEN 1 THEN 'no tenant!' END, i, 'note' FROM"
                        + " generate_series(5, 40) i",
                "UPDATE data.various SET id = 500 WHERE id = 5");
        compared("breach");
        Neighbours.BREACH.migration("ALTER TABLE data.various ADD COLUMN more int NOT NULL DEFAULT 3");
        work("UPDATE data.various SET more = 4 WHERE id = 6");
        until(
                "the table begins anew",
                SOON,
                () -> of(compared("breach"), "various").path("state").asString(),
                "equal"::equals);

        hidden(
                "UPDATE data.various SET note = 'never said' WHERE id IN (6, 9, 500)",
                "INSERT INTO data.various VALUES ('nord', 2, 'never said', 1), (NULL, 600, 'never said', 1)");

        assertThat(rows(of(compared("breach"), "various")))
                .containsExactly("changed 500", "changed 6", "changed 9", "unexpected 2", "unexpected 600");
        Neighbours.BREACH.migration("DROP TABLE data.various");
    }

    @Test
    void of_many_rows_the_first_are_named_and_of_rows_the_log_does_not_know_none() throws Exception {
        table("many", "id bigint PRIMARY KEY, note text");
        work("INSERT INTO data.many SELECT i, 'note' FROM generate_series(1, 1200) i");
        hidden("UPDATE data.many SET note = 'never said' WHERE id > 700");
        var many = of(compared("breach"), "many");
        assertThat(rows(many)).hasSize(20).allMatch(row -> row.startsWith("changed "));
        assertThat(many.path("more").asLong()).isEqualTo(480);

        table("old", "id bigint, note text, PRIMARY KEY (id)");
        work("INSERT INTO data.old VALUES (1, 'of the log')");
        hidden("INSERT INTO data.old SELECT i, 'before its log' FROM generate_series(2, 40) i");
        var before = compared("breach");
        assertThat(rows(of(before, "old"))).hasSize(20).allMatch(row -> row.startsWith("unexpected "));
        assertThat(accept(before, "old").status()).isEqualTo(200);
        until(
                "the table begins with what is there",
                SOON,
                () -> of(compared("breach"), "old").path("state").asString(),
                "equal"::equals);

        hidden("UPDATE data.old SET note = 'never said' WHERE id = 3");
        var old = of(compared("breach"), "old");
        assertThat(old.path("state").asString()).isEqualTo("different");
        assertThat(old.path("rows").isMissingNode()).as(old.toString()).isTrue();

        hidden(
                "UPDATE data.old SET note = 'before its log' WHERE id = 3",
                "UPDATE data.old SET note = 'never said' WHERE id = 1");
        assertThat(rows(of(compared("breach"), "old")))
                .as("what the log knows is named though it knows too little of the rest")
                .containsExactly("changed 1");
        Neighbours.BREACH.migration("DROP TABLE data.old, data.many");
    }

    @Test
    void a_changed_structure_begins_anew_and_an_emptied_or_dropped_table_is_nothing_to_be_found() throws Exception {
        table("growing", "id bigint PRIMARY KEY");
        table("passing", "id bigint PRIMARY KEY");
        work(
                "INSERT INTO data.growing SELECT i FROM generate_series(1, 20) i",
                "INSERT INTO data.passing SELECT i FROM generate_series(1, 5) i");
        assertThat(of(compared("breach"), "growing").path("state").asString()).isEqualTo("equal");

        Neighbours.BREACH.migration("ALTER TABLE data.growing ADD COLUMN more int NOT NULL DEFAULT 3");
        work("UPDATE data.growing SET more = 4 WHERE id = 1");
        Neighbours.BREACH.migration("TRUNCATE data.passing");
        var begun = compared("breach");
        assertThat(of(begun, "growing").path("state").asString()).isIn("begun", "equal");
        assertThat(of(begun, "passing").path("state").asString()).isEqualTo("equal");
        work("DELETE FROM data.growing WHERE id = 2");
        assertThat(of(compared("breach"), "growing").path("state").asString()).isEqualTo("equal");

        work("INSERT INTO data.passing VALUES (9)");
        Neighbours.BREACH.migration("DROP TABLE data.passing");
        var dropped = compared("breach");
        assertThat(of(dropped, "growing").path("state").asString()).isEqualTo("equal");
        assertThat(of(dropped, "passing").isMissingNode()).isTrue();
    }

    @Test
    void a_table_that_cannot_be_compared_is_said_to_be_so() throws Exception {
        table("odd", "id bigint PRIMARY KEY, at tstzrange");
        Neighbours.BREACH.migration("CREATE UNLOGGED TABLE data.fleeting (id bigint PRIMARY KEY)");

        var compared = compared("breach");

        assertThat(of(compared, "odd").path("state").asString()).isEqualTo("unreadable");
        assertThat(of(compared, "fleeting").path("state").asString()).isEqualTo("unreadable");
        assertThat(comparer.isUnknown("breach", Set.of("odd", "fleeting")))
                .as("nothing is left to compare again and again")
                .isFalse();
        Neighbours.BREACH.migration("DROP TABLE data.odd", "DROP TABLE data.fleeting");
        assertThat(of(compared("breach"), "odd").isMissingNode()).isTrue();
    }

    @Test
    void what_two_sources_must_hold_at_one_position_is_told_without_reading_their_tables() throws Exception {
        compared("identity");
        table("held", "id bigint PRIMARY KEY, note text");
        table("untouched", "id bigint PRIMARY KEY");
        work(
                "INSERT INTO data.held SELECT i, 'note ' || i FROM generate_series(1, 50) i",
                "DELETE FROM data.held WHERE id = 50");
        compared("breach");

        var told = tallied();

        assertThat(told).extracting(TablesTallied::database).containsExactly("breach", "identity");
        assertThat(told)
                .extracting(TablesTallied::position)
                .containsOnly(told.getFirst().position());
        assertThat(told).extracting(TablesTallied::keyId).containsOnly(KEY.id());
        assertThat(told).allMatch(TablesTallied::complete);
        var breach = told.getFirst();
        assertThat(of(breach, "held").rows()).isEqualTo(49);
        assertThat(of(breach, "held").commitment()).isEqualTo(live(breach, "held"));
        assertThat(breach.tables()).extracting(Table::name).doesNotContain("untouched");
        assertThat(told.getLast().tables())
                .filteredOn(each -> each.commitment() != null)
                .isNotEmpty()
                .allMatch(each -> live(told.getLast(), each.name()).equals(each.commitment()));
        for (var each : told) {
            assertThat(topics.await(
                                    Topic.AUDIT_TALLIES,
                                    heard -> heard.as(TablesTallied.class).equals(each))
                            .key())
                    .isEqualTo(each.cluster());
        }

        hidden("UPDATE data.held SET note = 'never said' WHERE id = 8");
        work("INSERT INTO data.held VALUES (51, 'as usual')");
        var later = tallied().getFirst();
        assertThat(of(later, "held").rows()).isEqualTo(50);
        assertThat(of(later, "held").commitment())
                .as("what is there is not what the log says")
                .isNotEqualTo(live(later, "held"));

        Neighbours.BREACH.migration("DROP TABLE data.held, data.untouched");
    }

    @Test
    void a_cut_waits_for_changes_of_before_its_position_and_takes_none_of_after() throws Exception {
        table("moving", "id bigint PRIMARY KEY");
        work("INSERT INTO data.moving VALUES (1)");
        compared("breach");
        var stop = new AtomicBoolean();
        var last = new AtomicInteger(1);
        var writer = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                try {
                    work("INSERT INTO data.moving VALUES (" + (last.get() + 1) + ")");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
                last.incrementAndGet();
            }
        });
        try {
            long before = 0;
            for (int time = 0; time < 5; time++) {
                int done = last.get();
                var told = tallied(List.of("breach")).getFirst();
                // The rows are 1, 2, 3 and so on: any number of them is one state and no other.
                long rows = of(told, "moving").rows();
                assertThat(rows).isGreaterThanOrEqualTo(done).isGreaterThanOrEqualTo(before);
                var all = Fingerprint.EMPTY;
                var hash = KEY.rowHash("breach");
                for (long id = 1; id <= rows; id++) {
                    all = all.plus(Fingerprint.ofRow(
                            hash.of("moving", new TreeMap<>(Map.of("id", RowHash.text(Long.toString(id)))))));
                }
                assertThat(of(told, "moving").commitment()).isEqualTo(commitment(told, "moving", all));
                before = rows;
            }
        } finally {
            stop.set(true);
            writer.join();
            Neighbours.BREACH.migration("DROP TABLE data.moving");
        }
    }

    @Test
    void sources_that_have_no_position_in_common_and_one_that_is_not_there_are_named() {
        assertThatThrownBy(() -> tallier.tell(List.of("breach", "nowhere")))
                .isInstanceOf(Comparer.NotNow.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void only_administrators_ask_for_comparisons_and_the_list_goes_on() throws Exception {
        compared("identity");
        compared("identity");

        var page = get("auditor", "/audit/reconciliations?limit=1").json();
        assertThat(page.path("items")).hasSize(1);
        var next = get(
                "dpo",
                "/audit/reconciliations?limit=1&cursor=" + page.path("next").asString());
        assertThat(next.items().get(0).path("id"))
                .isNotEqualTo(page.path("items").get(0).path("id"));
        assertThat(get("nord-admin", "/audit/reconciliations").status()).isEqualTo(403);
        assertThat(post(Tokens.demo("dpo").bearer(), "/audit/reconciliations", "{}", null)
                        .status())
                .isEqualTo(403);
        var unknown = post(administrator(), "/audit/reconciliations", "{\"source\": \"postgres\"}", null);
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.json().path("detail").asString()).contains("breach");
        assertThat(post(
                                administrator(),
                                "/audit/reconciliations/x/acceptance",
                                "{\"table\": \"a\", \"reason\": \"b\"}",
                                null)
                        .status())
                .isEqualTo(404);
    }

    private List<TablesTallied> tallied() {
        return tallied(List.of("identity", "breach"));
    }

    /// Comparisons that began by themselves come to an end meanwhile.
    private List<TablesTallied> tallied(List<String> sources) {
        return until(
                "told",
                SOON,
                () -> {
                    try {
                        return tallier.tell(sources);
                    } catch (Comparer.NotNow busy) {
                        return List.<TablesTallied>of();
                    }
                },
                told -> !told.isEmpty());
    }

    private static Table of(TablesTallied tallied, String table) {
        return tallied.tables().stream()
                .filter(each -> each.name().equals(table))
                .findFirst()
                .orElseThrow();
    }

    /// What the table holds now, as if it were at that position.
    private static String live(TablesTallied tallied, String table) {
        var neighbour = tallied.database().equals("breach") ? Neighbours.BREACH : Neighbours.IDENTITY;
        try (var reader = neighbour.connect(PostgresServer.SUPERUSER)) {
            reader.setAutoCommit(false);
            var rows = LiveTables.read(reader, KEY.rowHash(tallied.database()), any -> {})
                    .get(table)
                    .orElseThrow();
            return commitment(tallied, table, rows);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String commitment(TablesTallied at, String table, Fingerprint rows) {
        return KEY.commitment(at.cluster(), at.timeline(), at.database(), at.position(), table, rows);
    }

    private Answer accept(JsonNode compared, String table) throws Exception {
        return post(
                administrator(),
                "/audit/reconciliations/" + compared.path("id").asString() + "/acceptance",
                "{\"table\": \"" + table + "\", \"reason\": \"restored\"}",
                null);
    }

    /// Asks for a comparison and waits for one that began afterwards.
    private JsonNode compared(String source) throws Exception {
        var asked = CLOCK.instant();
        while (true) {
            var before = newest(source).path("id");
            assertThat(post(administrator(), "/audit/reconciliations", "{\"source\": \"" + source + "\"}", null)
                            .status())
                    .isEqualTo(202);
            var found = until(
                    "a comparison",
                    SOON,
                    () -> newest(source),
                    each -> !each.path("id").equals(before));
            // One that was under way already is not the one that was asked for.
            if (!Instant.parse(found.path("began").asString()).isBefore(asked)) {
                return found;
            }
        }
    }

    private JsonNode newest(String source) throws Exception {
        return StreamSupport.stream(
                        get("auditor", "/audit/reconciliations?limit=50")
                                .items()
                                .spliterator(),
                        false)
                .filter(each -> each.path("source").asString().equals(source))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    private static JsonNode of(JsonNode compared, String table) {
        return StreamSupport.stream(compared.path("tables").spliterator(), false)
                .filter(each -> each.path("name").asString().equals(table))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /// Anew each time, for a token is over before all this is.
    private static String administrator() {
        return Tokens.demo("administrator").bearer();
    }

    private static List<String> rows(JsonNode table) {
        return StreamSupport.stream(table.path("rows").spliterator(), false)
                .map(row -> row.path("state").asString() + " " + row.path("key").asString())
                .toList();
    }

    private JsonNode claim() {
        try {
            return StreamSupport.stream(
                            get(null, "/answers/5").json().path("claims").spliterator(), false)
                    .filter(each -> each.path("id").asString().equals("access.reconciled"))
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void table(String name, String columns) throws SQLException {
        Neighbours.BREACH.migration(
                "CREATE TABLE data." + name + " (" + columns + ")", "SELECT kit.captured('data." + name + "')");
    }

    private static void work(String... statements) throws SQLException {
        Neighbours.BREACH.signed(WORKER, null, statements);
    }

    /// Whoever looks for a table's entries finds them by the stretches that hold it.
    @AfterEach
    void stretches_say_what_their_leaves_are() throws SQLException {
        try (var audit = Rig.postgres().superuser("audit").getConnection();
                var statement = audit.createStatement();
                var wrong = statement.executeQuery("""
                        WITH held AS (
                            SELECT index >> 8 AS number, array_agg(DISTINCT table_index) AS tables,
                                   array_agg(DISTINCT actor_index) AS actors, array_agg(DISTINCT kind) AS kinds
                            FROM data.leaf
                            GROUP BY index >> 8)
                        SELECT held.number, s.number, held.tables <@ s.tables, held.actors <@ s.actors, held.kinds <@ s.kinds
                        FROM held
                        LEFT JOIN data.stretch s ON s.number = held.number
                        WHERE (held.tables <@ s.tables AND held.actors <@ s.actors AND held.kinds <@ s.kinds) IS NOT TRUE
                        """)) {
            var told = new ArrayList<String>();
            while (wrong.next()) {
                told.add(wrong.getString(1) + " " + wrong.getString(2) + " " + wrong.getString(3) + " "
                        + wrong.getString(4) + " " + wrong.getString(5));
            }
            assertThat(told).isEmpty();
        }
    }

    /// What somebody with every right can do unseen: no event trigger, and a publication that says nothing for a while.
    private static void hidden(String... statements) throws SQLException {
        try (var superuser = Neighbours.BREACH.connect(PostgresServer.SUPERUSER)) {
            Neighbour.run(
                    superuser, "SET event_triggers = off", "ALTER PUBLICATION audit_pub SET (publish = 'truncate')");
            Neighbour.run(superuser, statements);
            Neighbour.run(superuser, "ALTER PUBLICATION audit_pub SET (publish = 'insert, update, delete, truncate')");
        }
    }

    /// Transactions of several statements that overlap, until they are told to stop.
    private static final class Writers implements AutoCloseable {

        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicInteger written = new AtomicInteger();
        private final CompletableFuture<Void> all;

        Writers(int count) {
            var started = new CompletableFuture<?>[count];
            for (int writer = 0; writer < count; writer++) {
                int from = writer * 1_000_000;
                started[writer] = CompletableFuture.runAsync(() -> {
                    for (int i = 1; !stop.get(); i++) {
                        int id = from + i;
                        try {
                            work(
                                    "INSERT INTO data.busy VALUES (" + id + ", 'a')",
                                    "UPDATE data.busy SET note = 'b' WHERE id = " + id,
                                    "DELETE FROM data.busy WHERE id = " + (id - 5));
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                        written.incrementAndGet();
                    }
                });
            }
            all = CompletableFuture.allOf(started);
        }

        int written() {
            return written.get();
        }

        @Override
        public void close() {
            stop.set(true);
            all.join();
        }
    }
}
