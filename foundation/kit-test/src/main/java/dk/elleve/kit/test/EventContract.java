package dk.elleve.kit.test;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dk.elleve.contracts.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the platform's contracts say about a message: its CloudEvents attributes, which types stand
/// on which topic, and the type's JSON Schema. Read from the committed files, not from the code
/// that wrote the message.
public final class EventContract {

    private static final String FILES = "/dk/elleve/contracts/";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNode ASYNC_API = read("asyncapi.json");
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private EventContract() {}

    /// The types that may stand on a topic.
    public static Collection<String> types(String topic) {
        return ASYNC_API.path("channels").path(topic).path("messages").propertyNames();
    }

    /// What is wrong with a message as it stands on a topic; empty where nothing is.
    public static List<String> violations(
            String topic, @Nullable String key, Map<String, String> headers, @Nullable String value) {
        var wrong = new ArrayList<String>();
        var type = headers.getOrDefault("ce_type", "");
        if (!"1.0".equals(headers.get("ce_specversion"))) {
            wrong.add("ce_specversion is not 1.0");
        }
        if (!"application/json".equals(headers.get("content-type"))) {
            wrong.add("content-type is not application/json");
        }
        if (headers.getOrDefault("ce_id", "").isBlank()) {
            wrong.add("ce_id is missing");
        }
        if (!isInstant(headers.getOrDefault("ce_time", ""))) {
            wrong.add("ce_time is no instant");
        }
        if (key == null || !key.equals(headers.get("ce_subject"))) {
            wrong.add("ce_subject is not the key");
        }
        if (!types(topic).contains(type)) {
            wrong.add("the type " + type + " does not belong on " + topic);
        }
        if (EventType.classOf(type).isPresent()) {
            wrong.addAll(bodyViolations(type, value));
        }
        return wrong;
    }

    /// The same for a message that a service said: it also says only what it owns.
    static List<String> violationsOfOwner(TopicProbe.Heard heard) {
        var wrong = violations(heard.topic(), heard.key(), heard.headers(), heard.value());
        var source = heard.headers().getOrDefault("ce_source", "");
        var owner = source.substring(source.lastIndexOf(':') + 1).replace("-", "");
        if (!heard.topic().startsWith(owner + ".")) {
            wrong.add(source + " does not own " + heard.topic());
        }
        return wrong;
    }

    private static List<String> bodyViolations(String type, @Nullable String value) {
        try {
            var body = JSON.readTree(value == null ? "" : value);
            return SCHEMAS.computeIfAbsent(type, EventContract::schema).validate(body).stream()
                    .map(error -> "the body breaks the schema of " + type + ": " + error)
                    .toList();
        } catch (JacksonException noJson) {
            return List.of("the body is not JSON");
        }
    }

    private static boolean isInstant(String text) {
        try {
            return Instant.parse(text) != null;
        } catch (DateTimeException no) {
            return false;
        }
    }

    private static Schema schema(String type) {
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()))
                .getSchema(read("schema/" + type + ".json"));
    }

    private static JsonNode read(String name) {
        try (var file = EventType.class.getResourceAsStream(FILES + name)) {
            if (file == null) {
                throw new AssertionError("The contracts have no file " + name);
            }
            return JSON.readTree(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
