package dk.elleve.tenantdata.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.http.Errors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SchemaDraftTest {

    private static final Schemas SCHEMAS = new Schemas();

    @Test
    void marks_make_fields_personal_searchable_and_the_subject() {
        var layout = draft("""
                {"email": {"type": "string", "x-personal": true, "x-subject": true},
                 "level": {"type": ["integer", "null"], "x-searchable": true},
                 "born": {"type": "string", "format": "date"},
                 "seen": {"type": "string", "format": "date-time"},
                 "tags": {"type": "array"}, "any": true}""").layout();
        assertThat(layout.fields())
                .containsExactly(
                        new Field("email", Field.Kind.TEXT, true, true, true),
                        new Field("level", Field.Kind.NUMBER, false, true, false),
                        new Field("born", Field.Kind.DATE, false, false, false),
                        new Field("seen", Field.Kind.TIME, false, false, false),
                        new Field("tags", Field.Kind.OTHER, false, false, false),
                        new Field("any", Field.Kind.OTHER, false, false, false));
        assertThat(layout.personal()).containsExactly("email");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a": {"type": "string", "x-personel": true}}                       | /schema/properties/a/x-personel
            {"a": {"type": "string", "x-personal": "yes"}}                      | /schema/properties/a/x-personal
            {"a": {"type": "object", "properties": {"b": {"x-personal": true}}}} | /schema/properties/a/properties/b/x-personal
            {"a": {"type": "array", "x-searchable": true}}                      | /schema/properties/a
            {"a": {"$ref": "https://elsewhere.invalid/schema"}}                 | /schema/properties/a/$ref
            {"a": {"items": {"$ref": "#"}}}                                     | /schema/properties/a/items/$ref
            {"default": {"$ref": "#"}}                                          | /schema/properties/default/$ref
            {"enum": {"items": {"x-personal": true}}}                           | /schema/properties/enum/items/x-personal
            {"a": {"pattern": "("}}                                             | /schema/properties/a/pattern
            {"a": {"patternProperties": {"(": {}}}}                             | /schema/properties/a/patternProperties
            {"a": {"$schema": "https://json-schema.org/draft/2020-12/schema"}}  | /schema/properties/a/$schema
            {"id": {"type": "string"}}                                          | /schema/properties/id
            {"and": {"type": "string"}}                                         | /schema/properties/and
            {"a b": {"type": "string"}}                                         | /schema/properties/a b
            {"1st": {"type": "string"}}                                         | /schema/properties/1st
            {}                                                                  | /schema/properties
            """)
    void what_could_store_a_person_in_clear_or_reach_outside_is_refused_by_its_place(String properties, String place) {
        assertThat(refused(body(properties))).contains(place);
    }

    @Test
    void words_of_json_schema_may_be_names_of_fields() {
        var layout = draft("""
                {"default": {"type": "string"}, "pattern": {"type": "string"}, "properties": {"type": "object",
                 "properties": {"$ref": {"type": "string"}}}, "const": {"const": {"$ref": 1, "x-personal": 2}}}""").layout();
        assertThat(layout.fields())
                .extracting(Field::name)
                .containsExactly("default", "pattern", "properties", "const");
    }

    @Test
    void only_one_field_tells_who_the_record_is_about() {
        assertThat(refused(body("""
                        {"a": {"type": "string", "x-subject": true}, "b": {"type": "string", "x-subject": true}}"""))).containsExactly("/schema/properties");
    }

    @Test
    void retention_counts_from_a_day_or_instant_that_is_not_personal() {
        var properties = """
                {"born": {"type": "string", "format": "date", "x-personal": true},
                 "ended": {"type": "string", "format": "date"}, "level": {"type": "integer"}}""";
        for (var good : List.of("ended", "createdAt", "updatedAt")) {
            assertThat(SchemaDraft.of(body(properties).put("retentionFrom", good), SCHEMAS)
                            .retentionFrom())
                    .isEqualTo(good);
        }
        for (var bad : List.of("born", "level", "nothing", "")) {
            assertThat(refused(body(properties).put("retentionFrom", bad))).containsExactly("/retentionFrom");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"schema\": {\"type\": 7, \"properties\": {\"a\": {}}}}",
                "{\"schema\": {\"type\": \"object\", \"properties\": {\"a\": {\"minimum\": \"x\"}}}}",
                "{\"schema\": {\"type\": \"array\", \"properties\": {\"a\": {}}}}",
                "{\"schema\": []}",
                "{\"schema\": {\"type\": \"object\", \"properties\": {\"a\": {}}}, \"more\": 1}"
            })
    void what_is_no_schema_of_a_record_is_refused(String body) {
        assertThat(refused((ObjectNode) JsonMapper.shared().readTree(body))).isNotEmpty();
    }

    @Test
    void a_broken_rule_is_told_by_place_and_never_with_the_value() {
        var schema = draft("""
                {"email": {"type": "string", "format": "email"}, "level": {"type": "integer", "maximum": 5},
                 "kind": {"enum": ["a", "b"]}, "born": {"type": "string", "format": "date"},
                 "address": {"type": "object", "required": ["city"], "additionalProperties": false, "properties": {"city": {}}}}""").schema();
        schema.putArray("required").add("name");
        var errors = new Errors();
        SCHEMAS.check(schema, (ObjectNode) JsonMapper.shared().readTree("""
                {"email": "s3cret", "level": 774411, "kind": "s3cret", "born": "s3cret", "address": {"street": "s3cret"}}"""), "/0", errors);
        assertThat(errors.found())
                .extracting(Problem.At::pointer)
                .containsExactlyInAnyOrder(
                        "/0/name",
                        "/0/email",
                        "/0/level",
                        "/0/kind",
                        "/0/born",
                        "/0/address/city",
                        "/0/address/street");
        assertThat(errors.found())
                .extracting(Problem.At::detail)
                .noneMatch(detail -> detail.contains("s3cret") || detail.contains("774411"));
        assertThat(errors.found()).contains(new Problem.At("/0/kind", "must be one of [\"a\",\"b\"]"));
    }

    private static SchemaDraft draft(String properties) {
        return SchemaDraft.of(body(properties), SCHEMAS);
    }

    private static ObjectNode body(String properties) {
        return (ObjectNode) JsonMapper.shared()
                .readTree("{\"schema\": {\"type\": \"object\", \"properties\": " + properties + "}}");
    }

    private static List<String> refused(ObjectNode body) {
        return catchThrowableOfType(Problem.class, () -> SchemaDraft.of(body, SCHEMAS)).errors().stream()
                .map(Problem.At::pointer)
                .toList();
    }
}
