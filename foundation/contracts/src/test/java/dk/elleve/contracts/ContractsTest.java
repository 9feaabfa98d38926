package dk.elleve.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The committed files are the contract: a record that drifts from its schema fails here, before anybody hears it.
/// After a wanted and compatible change `-Dcontracts.write=true` writes the schemas and the AsyncAPI document again.
class ContractsTest {

    static final Path MAIN = Path.of("src/main/resources/dk/elleve/contracts");
    static final Path SCHEMAS = MAIN.resolve("schema");
    static final Path SAMPLES = Path.of("src/test/resources/samples");

    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    final SchemaWriter writer = new SchemaWriter(Path.of("src/main/java"));

    static Stream<String> types() {
        return new TreeSet<>(EventType.all().keySet()).stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void the_schema_of_every_event_is_what_its_record_says(String type) throws IOException {
        var wanted =
                JSON.<JsonNode>valueToTree(writer.schema(type, EventType.all().get(type)));
        compare(SCHEMAS.resolve(type + ".json"), wanted);
    }

    @ParameterizedTest
    @MethodSource("types")
    void every_event_has_samples_that_its_schema_admits_and_that_show_every_field(String type) throws IOException {
        var schema = schema(type);
        var shown = new HashSet<String>();
        var samples = samples(type);
        assertThat(samples).isNotEmpty();
        for (var sample : samples) {
            var tree = JSON.readTree(sample);
            assertThat(schema.validate(tree)).as("%s", sample).isEmpty();
            shown.addAll(tree.propertyNames());
        }
        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(fields(EventType.all().get(type)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_required_field_cannot_be_left_out_and_an_unknown_one_is_passed_over(String type) throws IOException {
        var schema = schema(type);
        var sample = (ObjectNode) JSON.readTree(samples(type).getFirst());
        for (var component : EventType.all().get(type).getRecordComponents()) {
            var without = sample.deepCopy().without(component.getName());
            assertThat(schema.validate(without).isEmpty())
                    .as("without %s", component.getName())
                    .isEqualTo(SchemaWriter.mayBeAbsent(component));
        }
        assertThat(schema.validate(sample.deepCopy().put("saidByANewerVersion", 1)))
                .isEmpty();
    }

    @Test
    void no_schema_and_no_sample_is_without_an_event() throws IOException {
        try (var files = Files.list(SCHEMAS);
                var folders = Files.list(SAMPLES)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceAll("\\.json$", "")))
                    .containsExactlyInAnyOrderElementsOf(EventType.all().keySet());
            assertThat(folders.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(EventType.all().keySet());
        }
    }

    /// Events like these lie on topics that are kept for ever. A new sample gets a new file and a new
    /// line; a changed one would hide that an old event is no longer read.
    @Test
    void a_sample_that_was_ever_on_the_wire_is_never_edited() throws IOException, NoSuchAlgorithmException {
        var sealed = new TreeMap<String, String>();
        for (var line : Files.readAllLines(SAMPLES.resolve("sealed.sha256"))) {
            sealed.put(line.substring(66), line.substring(0, 64));
        }
        var found = new TreeMap<String, String>();
        for (var type : EventType.all().keySet()) {
            for (var sample : samples(type)) {
                var digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(sample));
                found.put(SAMPLES.relativize(sample).toString(), HexFormat.of().formatHex(digest));
            }
        }
        assertThat(found).isEqualTo(sealed);
    }

    @Test
    void the_asyncapi_document_names_every_topic_and_every_event() throws IOException {
        var document = AsyncApi.document(
                EventType.all().keySet(),
                type -> JSON.valueToTree(writer.schema(type, EventType.all().get(type))));
        compare(MAIN.resolve("asyncapi.json"), document);
        for (var topic : Topic.values()) {
            assertThat(document.path("channels").has(topic.wireName()))
                    .as(topic.wireName())
                    .isTrue();
        }
        assertThat(document.path("components").path("messages").propertyNames())
                .containsExactlyInAnyOrderElementsOf(EventType.all().keySet());
    }

    @Test
    void a_name_on_the_wire_leads_to_its_record_and_back() {
        EventType.all().forEach((name, type) -> {
            assertThat(EventType.nameOf(type)).isEqualTo(name);
            assertThat(EventType.classOf(name)).contains(type);
            assertThat(name).matches("dk\\.elleve\\.[a-z]+\\.[a-z]+(-[a-z]+)*\\.v1");
        });
        assertThat(EventType.classOf("dk.elleve.identity.tenant-opened.v2")).isEmpty();
        assertThatThrownBy(() -> EventType.nameOf(Unlisted.class)).hasMessageContaining("list it in EventType");
    }

    @Test
    void event_types_are_told_in_the_order_of_their_owners() {
        assertThat(EventType.all().keySet())
                .startsWith("dk.elleve.identity.tenant-opened.v1")
                .endsWith("dk.elleve.platform.evidence.v1");
    }

    @Test
    void a_topic_is_found_by_its_name_and_belongs_to_one_owner() {
        for (var topic : Topic.values()) {
            assertThat(Topic.named(topic.wireName())).isEqualTo(topic);
            assertThat(Topic.of(topic.owner())).contains(topic);
            assertThat(topic.wireName()).matches("[a-z]+\\.[a-z]+\\.v1");
        }
        assertThat(Topic.of("nobody")).isEmpty();
        assertThatThrownBy(() -> Topic.named("nobody.things.v1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_tenant_id_has_its_shape_or_is_refused() {
        for (var fine : List.of("ab", "nord", "nord-2", "a-b-c", "a".repeat(40))) {
            assertThat(new TenantId(fine)).hasToString(fine);
        }
        for (var wrong :
                List.of("", "a", "a-", "-a", "a--b", "Nord", "9a", "a b", "æble", "nord\n", "a".repeat(41), "*")) {
            assertThatThrownBy(() -> new TenantId(wrong))
                    .as("\"%s\"", wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void an_actor_cannot_carry_what_would_break_a_signed_line() {
        for (var wrong : List.of("", " ", "a\tb", "a\nb", "x".repeat(201))) {
            assertThatThrownBy(() -> new Actor(Actor.Kind.USER, wrong, null))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new Actor(Actor.Kind.USER, "id", wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (var kind : Actor.Kind.values()) {
            assertThat(Actor.Kind.of(kind.word())).isEqualTo(kind);
        }
    }

    record Unlisted() implements Event {}

    static void compare(Path file, JsonNode wanted) throws IOException {
        if (Boolean.getBoolean("contracts.write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, JSON.writeValueAsString(wanted).replace("\r\n", "\n") + "\n");
        }
        assertThat(file).exists();
        assertThat(JSON.readTree(Files.readString(file, StandardCharsets.UTF_8)))
                .as("%s: write it again with -Dcontracts.write=true if the change is wanted", file)
                .isEqualTo(JSON.readTree(JSON.writeValueAsString(wanted)));
    }

    private static Schema schema(String type) throws IOException {
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()))
                .getSchema(JSON.readTree(SCHEMAS.resolve(type + ".json")));
    }

    private static List<Path> samples(String type) throws IOException {
        try (var files = Files.list(SAMPLES.resolve(type))) {
            return files.sorted().toList();
        }
    }

    private static List<String> fields(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }
}
