package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.tenantdata.Read;
import dk.elleve.kit.test.TopicProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordsTest extends TenantDataRig {

    private static final String NDJSON = "application/x-ndjson";
    private static final String CSV = "text/csv";

    @AfterEach
    void nothing_stays_armed() {
        faults.disarm();
    }

    @Test
    void a_record_is_made_read_patched_replaced_and_deleted_by_who_knows_its_version() {
        openWithPeople("aarhus");
        var user = user("aarhus");
        var made = post(user, RECORDS, """
                {"email": "Anne@Aarhus.invalid", "name": "Anne Dahl", "level": 2}""").must(201);
        var path = RECORDS + "/" + made.id();
        assertThat(made.http().headers().firstValue("Location")).contains(path);

        var read = get(user, path).must(200);
        assertThat(read.body()).isEqualTo(made.body());
        assertThat(read.tag()).isEqualTo(made.tag());

        call("PATCH", user, path, "{\"level\": 3}", Map.of()).must(428);
        var patched = call(
                        "PATCH",
                        user,
                        path,
                        """
                {"level": 3, "name": null, "note": "calls on Mondays"}""",
                        Map.of("If-Match", made.tag(), "Content-Type", "application/merge-patch+json"))
                .must(200);
        assertThat(patched.body().path("level").asInt()).isEqualTo(3);
        assertThat(patched.body().has("name")).isFalse();
        assertThat(patched.body().path("note").asString()).isEqualTo("calls on Mondays");
        assertThat(get(user, path).body()).isEqualTo(patched.body());
        call("PATCH", user, path, "{\"level\": 4}", Map.of("If-Match", made.tag()))
                .must(412);

        var replaced = call("PUT", user, path, "{\"email\": \"bo@aarhus.invalid\"}", Map.of("If-Match", patched.tag()))
                .must(200);
        assertThat(replaced.body().has("note")).isFalse();
        call("PUT", user, path, "{\"email\": \"bo@aarhus.invalid\"}", Map.of()).must(428);
        assertThat(filtered(user, "email eq \"anne@aarhus.invalid\"").body().path("items"))
                .isEmpty();
        assertThat(filtered(user, "email eq \"bo@aarhus.invalid\"").body().path("items"))
                .hasSize(1);

        call("DELETE", user, path, null, Map.of()).must(428);
        call("DELETE", user, path, null, Map.of("If-Match", patched.tag())).must(412);
        call("DELETE", user, path, null, Map.of("If-Match", replaced.tag())).must(204);
        get(user, path).must(404);
        assertThat(filtered(user, "email eq \"bo@aarhus.invalid\"").body().path("items"))
                .isEmpty();
    }

    @Test
    void the_same_key_makes_one_record_and_another_body_under_it_is_refused() {
        openWithPeople("odense");
        var user = user("odense");
        var key = Map.of("Idempotency-Key", "one");
        var first = call("POST", user, RECORDS, "{\"email\":\"a@odense.invalid\"}", key)
                .must(201);
        var again = call("POST", user, RECORDS, "{\"email\":\"a@odense.invalid\"}", key)
                .must(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(call("POST", user, RECORDS, "{\"email\":\"b@odense.invalid\"}", key)
                        .must(409)
                        .code())
                .isEqualTo("idempotency-key-reused");
        assertThat(get(user, RECORDS).body().path("items")).hasSize(1);

        var twice = Map.of("Idempotency-Key", "two", "Content-Type", NDJSON);
        var lines = "{\"email\":\"c@odense.invalid\"}\n{\"email\":\"d@odense.invalid\"}\n";
        call("POST", user, RECORDS + ":import", lines, twice).must(200);
        assertThat(call("POST", user, RECORDS + ":import", lines, twice)
                        .must(200)
                        .body()
                        .path("imported")
                        .asInt())
                .isEqualTo(2);
        assertThat(get(user, RECORDS).body().path("items")).hasSize(3);
    }

    @Test
    void a_record_that_breaks_the_schema_is_refused_by_field_and_without_its_values() {
        openWithPeople("horsens");
        var bad = post(user("horsens"), RECORDS, """
                {"email": 77001122, "level": -1, "since": "yesterday", "mail": "secret@horsens.invalid"}""").must(422);
        assertThat(bad.code()).isEqualTo("record-invalid");
        assertThat(bad.body().path("errors").findValuesAsString("pointer"))
                .contains("/email", "/level", "/since", "/mail");
        assertThat(bad.text()).doesNotContain("77001122", "secret@horsens", "yesterday");
    }

    @Test
    void an_import_names_line_and_field_of_what_is_wrong_and_takes_all_or_nothing() {
        openWithPeople("kolding");
        var user = user("kolding");
        var lines = """
                {"email": "a@kolding.invalid", "level": 1}

                {"email": "b@kolding.invalid", "level": "secret-word"}
                {"email": "c@kolding.invalid"
                """;
        var refused = bring(user, RECORDS + ":import", NDJSON, lines).must(422);
        assertThat(refused.code()).isEqualTo("import-refused");
        var errors = refused.body().path("errors");
        assertThat(errors.get(0).path("pointer").asString()).isEqualTo("/1/level");
        assertThat(errors.get(0).path("detail").asString()).startsWith("line 3:");
        assertThat(errors.get(1).path("detail").asString()).startsWith("line 4:");
        assertThat(refused.text()).doesNotContain("secret-word", "kolding.invalid");
        assertThat(get(user, RECORDS).body().path("items")).isEmpty();

        var skipped = bring(user, RECORDS + ":import?onError=skip", NDJSON, lines)
                .must(200)
                .body();
        assertThat(skipped.path("imported").asInt()).isEqualTo(1);
        assertThat(skipped.path("skipped").asInt()).isEqualTo(2);
        assertThat(skipped.path("errors").findValuesAsString("line")).containsExactly("3", "4");
        assertThat(get(user, RECORDS).body().path("items")).hasSize(1);
    }

    @Test
    void a_spreadsheet_is_imported_with_the_types_of_the_schema() {
        openWithPeople("vejle");
        var user = user("vejle");
        var sheet = """
                \uFEFFemail;name;level;since\r
                a@vejle.invalid;"Ågesen; Åse";3;2020-02-29\r
                b@vejle.invalid;;;\r
                """;
        assertThat(bring(user, RECORDS + ":import", CSV, sheet)
                        .must(200)
                        .body()
                        .path("imported")
                        .asInt())
                .isEqualTo(2);
        var aase = filtered(user, "name eq \"ågesen; åse\"").must(200).body().path("items");
        assertThat(aase).hasSize(1);
        assertThat(aase.get(0).path("level").isInt()).isTrue();
        assertThat(aase.get(0).path("since").asString()).isEqualTo("2020-02-29");

        var bad = bring(user, RECORDS + ":import", CSV, "email,level\nc@vejle.invalid,many\nd@vejle.invalid\n")
                .must(422);
        assertThat(bad.body().path("errors").get(0).path("pointer").asString()).isEqualTo("/0/level");
        assertThat(bad.body().path("errors").get(0).path("detail").asString()).startsWith("line 2:");
        assertThat(bad.body().path("errors").get(1).path("detail").asString()).startsWith("line 3: has 1 cells");
        bring(user, RECORDS + ":import", CSV, "email,unknown\nx,y\n").must(400);
        bring(user, RECORDS + ":import", "text/plain", "x").must(415);
    }

    @Test
    void a_personal_field_is_found_however_it_is_written_and_only_by_equality() {
        openWithPeople("ringsted");
        var user = user("ringsted");
        var made = post(user, RECORDS, "{\"email\":\"Åse@Ringsted.invalid\", \"name\":\"Åse  Ågesen\", \"note\":\"n\"}")
                .must(201);
        for (var way : List.of("åse ågesen", " ÅSE   ÅGESEN ", "A\u030Ase A\u030Agesen", "Åse\u00A0Ågesen")) {
            assertThat(filtered(user, "name eq \"" + way + "\"")
                            .must(200)
                            .body()
                            .path("items")
                            .findValuesAsString("id"))
                    .as(way)
                    .containsExactly(made.id());
        }
        assertThat(filtered(user, "name eq \"åseågesen\"").must(200).body().path("items"))
                .isEmpty();
        assertThat(filtered(user, "email in (\"x@y.invalid\", \"åse@ringsted.invalid\")")
                        .must(200)
                        .body()
                        .path("items"))
                .hasSize(1);
        assertThat(filtered(user, "name gt \"a\"").must(400).code()).isEqualTo("personal-field-equality-only");
        assertThat(filtered(user, "note eq \"n\"").must(400).code()).isEqualTo("field-not-searchable");
        assertThat(filtered(user, "nothing eq \"n\"").must(400).code()).isEqualTo("unknown-field");
        var bad = filtered(user, "level ge").must(400);
        assertThat(bad.code()).isEqualTo("invalid-filter");
        assertThat(bad.body().path("errors").get(0).path("pointer").asString()).isEqualTo("filter");
        assertThat(bad.body().path("errors").get(0).path("detail").asString()).startsWith("character 9:");
        assertThat(get(user, RECORDS + "?sort=name").must(400).code()).isEqualTo("personal-field-not-sortable");
    }

    @Test
    void records_are_filtered_sorted_selected_and_paged_without_a_gap_or_a_double() {
        openWithPeople("hobro");
        var user = user("hobro");
        var lines = IntStream.range(0, 23)
                .mapToObj(i -> i % 5 == 0
                        ? "{\"email\":\"p%d@hobro.invalid\"}".formatted(i)
                        : "{\"email\":\"p%d@hobro.invalid\",\"level\":%d,\"since\":\"20%02d-01-01\"}"
                                .formatted(i, i % 4, i))
                .collect(Collectors.joining("\n"));
        bring(user, RECORDS + ":import", NDJSON, lines).must(200);

        for (var sort : List.of("level", "-level", "since", "-since", "createdAt", "-createdAt", "-updatedAt")) {
            var all = get(user, RECORDS + "?limit=500&sort=" + sort)
                    .must(200)
                    .body()
                    .path("items")
                    .findValuesAsString("id");
            assertThat(all).hasSize(23).doesNotHaveDuplicates();
            var paged = new ArrayList<String>();
            var path = RECORDS + "?limit=4&sort=" + sort;
            var at = path;
            while (true) {
                var page = get(user, at).must(200).body();
                paged.addAll(page.path("items").findValuesAsString("id"));
                if (!page.has("next")) {
                    break;
                }
                at = path + "&cursor=" + page.path("next").asString();
            }
            assertThat(paged).as(sort).isEqualTo(all);
        }
        var down = get(user, RECORDS + "?sort=-level&limit=500")
                .body()
                .path("items")
                .valueStream()
                .map(item -> item.path("level").asInt(-1))
                .toList();
        assertThat(down).isSortedAccordingTo((a, b) -> Integer.compare(b, a));

        assertThat(filtered(user, "level ge 2 and level lt 3")
                        .body()
                        .path("items")
                        .valueStream())
                .isNotEmpty()
                .allSatisfy(item -> assertThat(item.path("level").asInt()).isEqualTo(2));
        assertThat(filtered(user, "level eq null").body().path("items")).hasSize(5);
        assertThat(filtered(user, "level ne 2").body().path("items")).hasSize(23 - 5);
        assertThat(filtered(user, "not (level eq 2) and (since lt \"2010-01-01\" or since ge \"2020-01-01\")")
                        .must(200)
                        .body()
                        .path("items"))
                .isNotEmpty();
        var few = get(user, RECORDS + "?select=level,since&limit=1&sort=-level")
                .must(200)
                .body()
                .path("items")
                .get(0);
        assertThat(few.propertyNames()).containsExactlyInAnyOrder("id", "level", "since");
        get(user, RECORDS + "?select=level,mail").must(400);
    }

    @Test
    void a_cursor_that_is_forged_or_of_another_tenant_filter_or_sort_is_refused() {
        openWithPeople("mors");
        openWithPeople("fur");
        for (var tenant : List.of("mors", "fur")) {
            bring(
                            user(tenant),
                            RECORDS + ":import",
                            NDJSON,
                            "{\"email\":\"a@x.invalid\"}\n{\"email\":\"b@x.invalid\"}\n")
                    .must(200);
        }
        var next = get(user("mors"), RECORDS + "?limit=1").body().path("next").asString();
        get(user("mors"), RECORDS + "?limit=1&cursor=" + next).must(200);
        var forged = (next.charAt(0) == 'A' ? "B" : "A") + next.substring(1);
        for (var refused : List.of(
                get(user("mors"), RECORDS + "?cursor=" + forged),
                get(user("mors"), RECORDS + "?cursor=not-one"),
                get(user("fur"), RECORDS + "?cursor=" + next),
                get(user("mors"), RECORDS + "?sort=level&cursor=" + next),
                get(user("mors"), RECORDS + "?filter=" + encoded("level eq 1") + "&cursor=" + next))) {
            assertThat(refused.must(400).code()).isEqualTo("invalid-cursor");
        }
    }

    @Test
    void everybody_who_looked_at_a_person_is_on_record_with_records_fields_and_purpose() {
        openWithPeople("samso");
        var user = user("samso");
        var made = post(user, RECORDS, "{\"email\":\"a@samso.invalid\", \"name\":\"Aa Bb\", \"level\":1}")
                .must(201);
        get(user, RECORDS + "/" + made.id()).must(200);
        get(dpo("samso"), RECORDS + "?select=name").must(200);
        get(user, RECORDS + "?select=level").must(200);
        get(user, RECORDS + "?select=level&filter=" + encoded("email eq \"a@samso.invalid\""))
                .must(200);
        get(user, RECORDS + ":export").must(200);
        get(user, RECORDS + "?filter=" + encoded("email eq \"nobody@samso.invalid\""))
                .must(200);
        // Sent in order: when this one has come, all before it have.
        call("PATCH", user, RECORDS + "/" + made.id(), "{}", Map.of("If-Match", made.tag()))
                .must(200);

        try (var probe = TopicProbe.rig()) {
            var reads = new ArrayList<Read>();
            probe.await(Topic.TENANTDATA_READS, heard -> {
                if (heard.tenant().equals("samso")) {
                    var read = heard.as(Read.class);
                    if (reads.stream().noneMatch(each -> each.id().equals(read.id()))) {
                        reads.add(read);
                    }
                }
                return reads.size() == 5;
            });
            assertThat(reads)
                    .extracting(read -> read.actor().id() + " " + read.fields())
                    .containsExactly(
                            user.subject() + " [email, name]",
                            dpo("samso").subject() + " [name]",
                            user.subject() + " [email]",
                            user.subject() + " [email, name, note]",
                            user.subject() + " [email, name]");
            assertThat(reads).allSatisfy(read -> {
                assertThat(read.actor().kind()).isEqualTo(Actor.Kind.USER);
                assertThat(read.records()).containsExactly(made.id());
                assertThat(read.purpose()).isEqualTo("Delivering what customers ordered");
                assertThat(read.area() + "/" + read.collection()).isEqualTo("sales/people");
            });
        }
    }

    @Test
    void a_look_that_cannot_be_recorded_shows_nothing_and_changes_nothing() {
        openWithPeople("laeso");
        var user = user("laeso");
        var made = post(user, RECORDS, "{\"email\":\"hidden@laeso.invalid\", \"level\":1}")
                .must(201);
        var path = RECORDS + "/" + made.id();

        faults.arm("before a read is recorded of laeso");
        assertThat(get(user, path).must(500).text()).doesNotContain("hidden@laeso");
        faults.arm("before a read is recorded of laeso");
        call("PATCH", user, path, "{\"level\":2}", Map.of("If-Match", made.tag()))
                .must(500);

        assertThat(faults.waiting()).isFalse();
        assertThat(get(user, path).must(200).tag()).isEqualTo(made.tag());
    }

    @Test
    void an_export_holds_all_records_and_one_that_breaks_off_never_looks_whole() {
        openWithPeople("anholt");
        var user = user("anholt");
        var lines = IntStream.range(0, 1200)
                .mapToObj("{\"email\":\"p%d@anholt.invalid\"}"::formatted)
                .collect(Collectors.joining("\n"));
        bring(user, RECORDS + ":import", NDJSON, lines).must(200);

        var whole = get(user, RECORDS + ":export").must(200);
        assertThat(whole.http().headers().firstValue("Content-Type").orElseThrow())
                .startsWith(NDJSON);
        assertThat(whole.text()
                        .lines()
                        .map(line -> JSON.readTree(line).path("email").asString()))
                .hasSize(1200)
                .doesNotHaveDuplicates();

        faults.arm("before a read is recorded of anholt", 3);
        assertThatThrownBy(() -> send("GET", user, RECORDS + ":export", null, Map.of()))
                .isInstanceOf(IOException.class);
        assertThat(faults.waiting()).isFalse();
    }

    @Test
    void another_tenants_records_are_not_there() {
        openWithPeople("thisted");
        openWithPeople("skive");
        var made = post(user("thisted"), RECORDS, "{\"email\":\"a@thisted.invalid\"}")
                .must(201);
        var stranger = user("skive");
        var path = RECORDS + "/" + made.id();

        get(stranger, path).must(404);
        call("PATCH", stranger, path, "{}", Map.of("If-Match", "*")).must(404);
        call("PUT", stranger, path, "{\"email\":\"x@y.invalid\"}", Map.of("If-Match", "*"))
                .must(404);
        call("DELETE", stranger, path, null, Map.of("If-Match", "*")).must(404);
        assertThat(get(stranger, path).body().path("detail"))
                .as("what is not there and what is not theirs look the same")
                .isEqualTo(get(stranger, RECORDS + "/00000000-0000-7000-8000-000000000000")
                        .must(404)
                        .body()
                        .path("detail"));
        assertThat(get(stranger, RECORDS).must(200).text()).doesNotContain(made.id());
        assertThat(get(stranger, RECORDS + ":export").must(200).text()).isEmpty();
        assertThat(filtered(stranger, "email eq \"a@thisted.invalid\"")
                        .must(200)
                        .body()
                        .path("items"))
                .isEmpty();
        assertThat(filtered(stranger, "id eq \"" + made.id() + "\"")
                        .must(200)
                        .body()
                        .path("items"))
                .isEmpty();

        open("lemvig");
        get(user("lemvig"), path).must(404);
        get(user("lemvig"), COLLECTION).must(404);
        assertThat(get(user("thisted"), path).must(200).id()).isEqualTo(made.id());
    }
}
