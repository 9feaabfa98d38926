package dk.elleve.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dk.elleve.contracts.EventType;
import dk.elleve.kit.json.JsonAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The kit's mapper reads every event that was ever on the wire and writes it back as it was, and reads whatever the
/// event's schema admits.
class WireTest {

    static final Path SAMPLES = Path.of("../contracts/src/test/resources/samples");
    static final Path SCHEMAS = Path.of("../contracts/src/main/resources/dk/elleve/contracts/schema");

    /// Values at which a type, a pattern or a bound ends; put in every place of every sample.
    static final List<String> EDGES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1.0",
            "1.5",
            "1e3",
            "1e400",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "\"\"",
            "\" \"",
            "\"-\"",
            "\"a\"",
            "\"ab\"",
            "\"nord\\n\"",
            "\"a--b\"",
            "\"a-\"",
            "\"æble\"",
            "\"high\"",
            "\"HIGH\"",
            "\"staff\"",
            "\"a\\tb\"",
            "\"a\\u0000\"",
            "\"" + "x".repeat(201) + "\"",
            "\"2026-02-30T12:00:00Z\"",
            "\"2026-02-29T12:00:00Z\"",
            "\"2028-02-29T23:59:59.999999999Z\"",
            "\"2026-06-30T23:59:60Z\"",
            "\"2026-11-24T24:00:00Z\"",
            "\"2026-11-24T12:00:00+01:00\"",
            "\"2026-11-24t12:00:00z\"",
            "\"2026-11-24T12:00:00Z\\n\"",
            "\"2026-11-24\"",
            "\"0000-01-01T00:00:00Z\"",
            "\"P\"",
            "\"PT\"",
            "\"P1D\"",
            "\"P1M\"",
            "\"P1DT\"",
            "\"PT0S\"",
            "\"PT1.5S\"",
            "\"PT.5S\"",
            "\"PT999999999H999999999M999999999.999999999S\"",
            "\"P999999999DT999999999H\"",
            "\"-PT1S\"",
            "[]",
            "[null]",
            "[1]",
            "[\"nord\"]",
            "[\"nord\",\"Nord\"]",
            "{}",
            "{\"a\":null}",
            "{\"a\":1}",
            "{\"a\":\"b\"}",
            "{\"kind\":\"user\",\"id\":\"x\",\"more\":[]}");

    final JsonMapper json = JsonAutoConfiguration.mapper();

    static Stream<String> types() {
        return new TreeSet<>(EventType.all().keySet()).stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void every_sample_is_read_and_written_back_as_it_was(String type) throws IOException {
        for (var sample : samples(type)) {
            var event = json.readValue(
                    Files.readString(sample), EventType.classOf(type).orElseThrow());
            assertThat(json.readTree(json.writeValueAsString(event)))
                    .as("%s", sample)
                    .isEqualTo(json.readTree(Files.readString(sample)));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void what_a_newer_version_says_besides_is_passed_over(String type) throws IOException {
        var shape = EventType.classOf(type).orElseThrow();
        for (var sample : samples(type)) {
            var tree = (ObjectNode) json.readTree(Files.readString(sample));
            var before = json.treeToValue(tree, shape);
            for (var object : objects(tree)) {
                object.putObject("saidByANewerVersion").put("more", 1);
            }
            assertThat(json.treeToValue(tree, shape)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void whatever_the_schema_admits_the_record_takes(String type) throws IOException {
        var schema = schema(type);
        var shape = EventType.classOf(type).orElseThrow();
        int admitted = 0;
        int refused = 0;
        for (var sample : samples(type)) {
            for (var edge : EDGES) {
                for (var changed : changed(json.readTree(Files.readString(sample)), json.readTree(edge))) {
                    if (!schema.validate(changed).isEmpty()) {
                        refused++;
                        continue;
                    }
                    admitted++;
                    assertThatCode(() -> json.treeToValue(changed, shape))
                            .as("admitted: %s", changed)
                            .doesNotThrowAnyException();
                }
            }
        }
        assertThat(admitted).isPositive();
        assertThat(refused).isPositive();
    }

    /// Copies of the tree, each with one of its values replaced.
    private static List<JsonNode> changed(JsonNode tree, JsonNode edge) {
        var all = new ArrayList<JsonNode>();
        switch (tree) {
            case ObjectNode object -> {
                for (var name : object.propertyNames()) {
                    all.add(object.deepCopy().set(name, edge));
                    for (var inner : changed(object.get(name), edge)) {
                        all.add(object.deepCopy().set(name, inner));
                    }
                }
            }
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    var copy = array.deepCopy();
                    copy.set(i, edge);
                    all.add(copy);
                }
            }
            default -> {}
        }
        return all;
    }

    private static List<ObjectNode> objects(JsonNode tree) {
        var all = new ArrayList<ObjectNode>();
        if (tree instanceof ObjectNode object) {
            all.add(object);
            object.properties().stream()
                    // a map of free names: whatever stands there is a fact
                    .filter(property -> !property.getKey().equals("facts"))
                    .forEach(property -> all.addAll(objects(property.getValue())));
        }
        return all;
    }

    private Schema schema(String type) throws IOException {
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()))
                .getSchema(json.readTree(Files.readString(SCHEMAS.resolve(type + ".json"))));
    }

    private static List<Path> samples(String type) throws IOException {
        try (var files = Files.list(SAMPLES.resolve(type))) {
            return files.sorted().toList();
        }
    }
}
