package dk.elleve.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class OpenApiBreaksTest {

    static final String BEFORE = """
        {"paths": {"/things": {"get": {
            "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}},
          "post": {
            "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}}}},
            "responses": {"201": {}}}}},
         "components": {"schemas": {
           "Thing": {"type": "object", "required": ["id", "state"], "properties": {
             "id": {"type": "string"}, "state": {"type": "string", "enum": ["open", "closed"]},
             "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}}},
           "New": {"type": "object", "required": ["name"], "properties": {
             "name": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}}}}}
        """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // what is replaced | by what | what breaks
                "\"/things\"|\"/thing\"|GET /things: gone",
                "\"post\"|\"put\"|POST /things: gone",
                "\"201\"|\"202\"|POST /things: never answers 201",
                "\"name\": \"limit\"|\"name\": \"size\"|GET /things: the parameter limit is gone",
                "\"in\": \"query\"|\"in\": \"query\", \"required\": true|GET /things: the parameter limit is required",
                "{\"type\": \"integer\"}|{\"type\": \"string\"}|GET /things parameter limit: takes [string], took"
                        + " [integer]",
                "\"id\": {\"type\": \"string\"}|\"id\": {\"type\": \"integer\"}|GET /things answer.id: is [integer],"
                        + " was [string]",
                "\"id\": {\"type\": \"string\"}|\"key\": {\"type\": \"string\"}|GET /things answer.id: gone",
                "\"required\": [\"id\", \"state\"]|\"required\": [\"id\"]|GET /things answer.state: may be absent",
                "[\"open\", \"closed\"]|[\"open\", \"closed\", \"lost\"]|GET /things answer.state: may hold a word"
                        + " that clients do not know",
                "\"required\": [\"name\"]|\"required\": [\"name\", \"kind\"]|POST /things body.kind: is required",
                "[\"a\", \"b\"]|[\"a\"]|POST /things body.kind: no longer takes every word it took",
                "\"name\": {\"type\": \"string\"}, \"kind\"|\"kind\"|POST /things body.name: gone",
                "\"requestBody\": {|\"requestBody\": {\"required\": true, |POST /things: the request's body is"
                        + " required",
                "\"content\": {\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/New\"|\"content\":"
                        + " {\"text/csv\": {\"schema\": {\"$ref\": \"#/components/schemas/New\"|POST /things: takes no"
                        + " application/json",
            })
    void what_a_client_could_rely_on_is_missed(String change) {
        var parts = change.split("\\|", -1);
        assertThat(BEFORE).contains(parts[0]);

        assertThat(breaks(BEFORE.replace(parts[0], parts[1]))).contains(parts[2]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"id\": {\"type\": \"string\"}|\"id\": {\"type\": \"string\"}, \"more\": {\"type\": \"string\"}",
                "\"required\": [\"id\", \"state\"]|\"required\": [\"id\", \"state\", \"parts\"]",
                "[\"open\", \"closed\"]|[\"open\"]",
                "[\"a\", \"b\"]|[\"a\", \"b\", \"c\"]",
                "\"required\": [\"name\"]|\"required\": []",
                "\"name\": {\"type\": \"string\"}|\"name\": {\"type\": [\"string\", \"null\"]}",
                "{\"paths\": {|{\"paths\": {\"/others\": {\"get\": {}}, ",
                "\"parameters\": [|\"parameters\": [{\"name\": \"cursor\", \"in\": \"query\", \"schema\": {\"type\":"
                        + " \"string\"}}, ",
                "|",
            })
    void what_is_only_more_breaks_nobody(String change) {
        var parts = change.split("\\|", -1);
        assertThat(BEFORE).contains(parts[0]);

        assertThat(breaks(parts[0].isEmpty() ? BEFORE : BEFORE.replace(parts[0], parts[1])))
                .isEmpty();
    }

    @Test
    void two_services_may_give_one_name_to_two_shapes() {
        var one = ContractsTest.JSON.readTree(BEFORE);
        var other = (ObjectNode) ContractsTest.JSON.readTree(BEFORE.replace("/things", "/others"));

        var joined = OpenApi.joined(Map.of("one", one, "other", other));

        assertThat(joined.path("paths").propertyNames()).containsExactly("/api/others", "/api/things");
        assertThat(joined.path("components").path("schemas").propertyNames())
                .containsExactly("one.New", "one.Thing", "other.New", "other.Thing");
        assertThat(joined.at("/components/schemas/other.Thing/properties/parts/items/$ref")
                        .asString())
                .isEqualTo("#/components/schemas/other.Thing");
    }

    private static List<String> breaks(String now) {
        return OpenApiBreaks.between(ContractsTest.JSON.readTree(BEFORE), ContractsTest.JSON.readTree(now));
    }
}
