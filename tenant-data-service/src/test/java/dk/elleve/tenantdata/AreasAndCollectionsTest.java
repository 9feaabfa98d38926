package dk.elleve.tenantdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AreasAndCollectionsTest extends TenantDataRig {

    @Test
    void an_area_is_made_read_and_replaced_only_by_who_says_which_version() {
        open("amager");
        var admin = admin("amager");

        var made = put(admin, "/areas/sales", AREA).must(201);
        assertThat(made.body().path("retention").asString()).isEqualTo("P5Y");
        assertThat(put(admin, "/areas/sales", AREA).must(428).code()).isEqualTo("precondition-required");
        var other = AREA.replace("P5Y", "P18M");
        var replaced = call("PUT", admin, "/areas/sales", other, Map.of("If-Match", made.tag()))
                .must(200);
        assertThat(call("PUT", admin, "/areas/sales", AREA, Map.of("If-Match", made.tag()))
                        .must(412)
                        .code())
                .isEqualTo("precondition-failed");
        assertThat(call("PUT", admin, "/areas/sales", AREA, Map.of("If-None-Match", "*"))
                        .must(412)
                        .code())
                .isEqualTo("precondition-failed");
        call("PUT", admin, "/areas/other", AREA, Map.of("If-Match", "\"1\"")).must(412);

        var read = get(user("amager"), "/areas/sales").must(200);
        assertThat(read.tag()).isEqualTo(replaced.tag());
        assertThat(read.body().path("retention").asString()).isEqualTo("P18M");
    }

    @Test
    void a_collection_that_holds_records_keeps_the_marks_of_its_fields() {
        openWithPeople("valby");
        var admin = admin("valby");
        post(admin, RECORDS, "{\"email\":\"a@valby.invalid\"}").must(201);
        var tag = get(admin, COLLECTION).must(200).tag();

        var bared = PEOPLE.replace(
                "\"note\": {\"type\": \"string\", \"x-personal\": true}", "\"note\": {\"type\": \"string\"}");
        assertThat(bared).isNotEqualTo(PEOPLE);
        var refused =
                call("PUT", admin, COLLECTION, bared, Map.of("If-Match", tag)).must(409);
        assertThat(refused.code()).isEqualTo("schema-in-use");
        assertThat(refused.body().path("errors").get(0).path("pointer").asString())
                .isEqualTo("/schema/properties/note");

        var more = PEOPLE.replace("\"since\":", "\"vip\": {\"type\": \"boolean\"}, \"since\":");
        call("PUT", admin, COLLECTION, more, Map.of("If-Match", tag)).must(200);
    }

    @Test
    void bad_input_is_told_with_every_place_at_once() {
        open("skagen");
        var bad = put(admin("skagen"), "/areas/sales", """
                {"purpose": "", "legalBasis": "6.2.z", "retention": "five years", "extra": 1}""").must(400);
        assertThat(bad.http().headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/problem+json");
        assertThat(bad.body().path("errors").findValuesAsString("pointer"))
                .containsExactlyInAnyOrder("/purpose", "/legalBasis", "/retention", "/extra");
        assertThat(put(admin("skagen"), "/areas/Sales", AREA).must(400).code()).isEqualTo("invalid-request");
        assertThat(put(admin("skagen"), "/areas/sales", "{\"purpose\": \"x\", \"purpose\": \"y\"}")
                        .must(400)
                        .code())
                .isEqualTo("invalid-request");
        put(admin("skagen"), COLLECTION, PEOPLE).must(404);
    }

    @Test
    void lists_go_on_where_they_stopped_and_take_no_cursor_of_another_list() {
        open("ribe");
        var admin = admin("ribe");
        for (var area : new String[] {"a", "b", "c"}) {
            put(admin, "/areas/" + area, AREA).must(201);
        }
        var first = get(admin, "/areas?limit=2").must(200).body();
        assertThat(first.path("items").findValuesAsString("id")).containsExactly("a", "b");
        var next = first.path("next").asString();
        var second = get(admin, "/areas?limit=2&cursor=" + next).must(200).body();
        assertThat(second.path("items").findValuesAsString("id")).containsExactly("c");
        assertThat(second.has("next")).isFalse();

        open("tonder");
        assertThat(get(admin("tonder"), "/areas?cursor=" + next).must(400).code())
                .isEqualTo("invalid-cursor");
        assertThat(get(admin, "/areas/a/collections?cursor=" + next).must(400).code())
                .isEqualTo("invalid-cursor");
        assertThat(get(admin, "/areas?cursor=bWFkZS11cA").must(400).code()).isEqualTo("invalid-cursor");
    }

    @Test
    void the_processing_record_names_purpose_basis_retention_and_personal_fields() {
        openWithPeople("ebeltoft");
        var record = get(dpo("ebeltoft"), "/processing-record").must(200).body();
        assertThat(record.path("tenant").asString()).isEqualTo("ebeltoft");
        var activity = record.path("items").get(0);
        assertThat(activity.path("purpose").asString()).isEqualTo("Delivering what customers ordered");
        assertThat(activity.path("legalBasis").asString()).isEqualTo("6.1.b");
        assertThat(activity.path("dataSubjects").get(0).asString()).isEqualTo("customers");
        assertThat(activity.path("recipients").get(0).asString()).isEqualTo("the carrier");
        assertThat(activity.path("retention").asString()).isEqualTo("P5Y");
        var holding = activity.path("collections").get(0);
        assertThat(holding.path("id").asString()).isEqualTo("people");
        assertThat(holding.path("subjectField").asString()).isEqualTo("email");
        assertThat(holding.path("personalFields").valueStream().map(field -> field.asString()))
                .containsExactly("email", "name", "note");
        get(user("ebeltoft"), "/processing-record").must(403);
    }

    @Test
    void only_a_tenants_administrator_shapes_its_data_and_nobody_without_a_tenant_sees_any() {
        openWithPeople("faaborg");
        put(user("faaborg"), "/areas/other", AREA).must(403);
        put(dpo("faaborg"), COLLECTION, PEOPLE).must(403);
        post(dpo("faaborg"), RECORDS, "{\"email\":\"a@faaborg.invalid\"}").must(403);
        get(new Who("faaborg", "auditor"), RECORDS).must(403);
        assertThat(call("GET", null, RECORDS, null, Map.of()).must(401).code()).isEqualTo("unauthenticated");
        assertThat(get(admin("never-opened"), "/areas").must(503).code()).isEqualTo("tenant-not-ready");
    }
}
