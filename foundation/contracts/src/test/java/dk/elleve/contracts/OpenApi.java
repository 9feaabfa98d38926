package dk.elleve.contracts;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// All services' OpenAPI documents as one, as a client meets them behind the gateway.
final class OpenApi {

    private static final String SCHEMAS = "#/components/schemas/";
    private static final Set<String> SHARED = Set.of("Problem");

    private OpenApi() {}

    /// @param documents by the service's label, which its schemas get as a prefix: two services may
    ///     give one name to two shapes
    static JsonNode joined(Map<String, JsonNode> documents) {
        var joined = JsonNodeFactory.instance.objectNode();
        joined.put("openapi", "3.1.0");
        var first = documents.values().iterator().next();
        joined.putObject("info")
                .put("title", "Elleve")
                .put("version", "1")
                .put("description", first.path("info").path("description").asString());
        joined.putArray("servers").addObject().put("url", "/");
        joined.set("security", first.path("security"));
        var paths = new TreeMap<String, JsonNode>();
        var schemas = new TreeMap<String, JsonNode>();
        documents.forEach((service, document) -> {
            document.path("paths").properties().forEach(path -> {
                var item = renamed(service, path.getValue());
                item.properties()
                        .forEach(operation -> ((ObjectNode) operation.getValue())
                                .putArray("tags")
                                .add(service));
                if (paths.putIfAbsent("/api" + path.getKey(), item) != null) {
                    throw new IllegalStateException("Two services answer " + path.getKey());
                }
            });
            document.path("components")
                    .path("schemas")
                    .properties()
                    .forEach(
                            schema -> schemas.put(name(service, schema.getKey()), renamed(service, schema.getValue())));
        });
        paths.forEach(joined.putObject("paths")::set);
        var components = joined.putObject("components");
        schemas.forEach(components.putObject("schemas")::set);
        components.set("responses", first.path("components").path("responses"));
        components.set("securitySchemes", first.path("components").path("securitySchemes"));
        return joined;
    }

    private static JsonNode renamed(String service, JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                var result = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(each -> result.set(
                                each.getKey(),
                                each.getKey().equals("$ref")
                                                && each.getValue().asString("").startsWith(SCHEMAS)
                                        ? JsonNodeFactory.instance.stringNode(SCHEMAS
                                                + name(
                                                        service,
                                                        each.getValue()
                                                                .asString()
                                                                .substring(SCHEMAS.length())))
                                        : renamed(service, each.getValue())));
                yield result;
            }
            case ArrayNode array -> {
                var result = JsonNodeFactory.instance.arrayNode();
                array.forEach(each -> result.add(renamed(service, each)));
                yield result;
            }
            default -> tree;
        };
    }

    private static String name(String service, String schema) {
        return SHARED.contains(schema) ? schema : service + "." + schema;
    }
}
