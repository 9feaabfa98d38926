package dk.elleve.contracts;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The AsyncAPI 3.0 document of the platform: a channel for each topic, a message for each event type.
final class AsyncApi {

    private AsyncApi() {}

    static ObjectNode document(Collection<String> types, Function<String, JsonNode> schemaOf) {
        var document = JsonNodeFactory.instance.objectNode();
        document.put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", "Elleve: events")
                .put("version", "1")
                .put("description", "CloudEvents 1.0 in Kafka binary mode. Only the owner of a topic writes to it.");
        document.put("defaultContentType", "application/json");
        var channels = document.putObject("channels");
        var operations = document.putObject("operations");
        for (var topic : Topic.values()) {
            var channel = channels.putObject(topic.wireName());
            channel.put("address", topic.wireName());
            var messages = channel.putObject("messages");
            var said = types.stream().filter(type -> isSaidOn(topic, type)).toList();
            if (said.isEmpty()) {
                throw new IllegalStateException("No event is said on " + topic.wireName());
            }
            said.forEach(type -> messages.putObject(type).put("$ref", "#/components/messages/" + pointer(type)));
            channel.putObject("bindings")
                    .putObject("kafka")
                    .putObject("topicConfiguration")
                    .putArray("cleanup.policy")
                    .add(topic.compacted() ? "compact" : "delete");
            var operation = operations.putObject(topic.wireName());
            operation.put("action", "send");
            operation.put("title", topic.owner() + " says");
            operation.putObject("channel").put("$ref", "#/channels/" + pointer(topic.wireName()));
        }
        var components = document.putObject("components");
        var messages = components.putObject("messages");
        for (var type : types) {
            var message = messages.putObject(type);
            message.put("name", type);
            message.put("contentType", "application/json");
            message.set("headers", headers(type));
            message.set("payload", schemaOf.apply(type));
            message.putObject("bindings").putObject("kafka").putObject("key").put("type", "string");
        }
        return document;
    }

    private static ObjectNode headers(String type) {
        var headers = JsonNodeFactory.instance.objectNode();
        headers.put("type", "object");
        var properties = headers.putObject("properties");
        properties.putObject("ce_specversion").put("const", "1.0");
        properties
                .putObject("ce_id")
                .put("type", "string")
                .put("description", "unique for each event; said twice it is the same");
        properties.putObject("ce_source").put("type", "string").put("format", "uri");
        properties.putObject("ce_type").put("const", type);
        properties.putObject("ce_time").put("type", "string").put("format", "date-time");
        properties.putObject("ce_subject").put("type", "string").put("description", "the key");
        properties.putObject("ce_tenant").put("type", "string").put("description", "the tenant it concerns, if one");
        properties
                .putObject("traceparent")
                .put("type", "string")
                .put("description", "W3C Trace Context, if it was traced");
        properties.putObject("content-type").put("const", "application/json");
        var required = headers.putArray("required");
        List.of("ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time").forEach(required::add);
        return headers;
    }

    /// Which events may stand on a topic: those of the family that its second word names.
    private static boolean isSaidOn(Topic topic, String type) {
        var noun = topic.wireName().split("\\.", -1)[1];
        var owner = type.split("\\.", -1)[2];
        var event = type.split("\\.", -1)[3];
        return switch (noun) {
            case "findings" -> event.equals("finding");
            case "evidence" -> event.equals("evidence");
            case "tenants" -> owner.equals("identity") && event.startsWith("tenant-");
            case "grants" -> event.startsWith("grant-");
            case "logins" -> event.startsWith("login-");
            case "accesses" -> event.equals("access");
            case "activity" -> event.equals("activity");
            case "reads" -> event.equals("read");
            case "erasures" -> event.endsWith("-erased");
            case "runs" -> owner.equals("backup");
            case "incidents" -> owner.equals("breach");
            case "checkpoints" -> event.startsWith("checkpoint-");
            case "tallies" -> event.equals("tables-tallied");
            default -> throw new IllegalStateException("Say which events stand on " + topic.wireName());
        };
    }

    private static String pointer(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
