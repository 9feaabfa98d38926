package dk.elleve.contracts;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a client of the released document can no longer rely on in the new one. A client sends only
/// what the document admits, passes over fields it does not know, and fails on a word or a type it
/// was not told of.
final class OpenApiBreaks {

    private final JsonNode before;
    private final JsonNode after;
    private final Set<String> breaks = new TreeSet<>();

    private OpenApiBreaks(JsonNode before, JsonNode after) {
        this.before = before;
        this.after = after;
    }

    static List<String> between(JsonNode released, JsonNode now) {
        var found = new OpenApiBreaks(released, now);
        found.paths();
        return List.copyOf(found.breaks);
    }

    private void paths() {
        before.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    var where = operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    var now = after.path("paths").path(path.getKey()).path(operation.getKey());
                    if (now.isMissingNode()) {
                        breaks.add(where + ": gone");
                    } else {
                        operation(where, operation.getValue(), now);
                    }
                }));
    }

    private void operation(String where, JsonNode was, JsonNode is) {
        parameters(where, was.path("parameters"), is.path("parameters"));
        if (is.path("requestBody").path("required").asBoolean(false)
                && !was.path("requestBody").path("required").asBoolean(false)) {
            breaks.add(where + ": the request's body is required");
        }
        var bodies = resolved(after, is.path("requestBody")).path("content");
        resolved(before, was.path("requestBody")).path("content").properties().forEach(type -> {
            if (bodies.path(type.getKey()).isMissingNode()) {
                breaks.add(where + ": takes no " + type.getKey());
            } else {
                request(
                        where + " body",
                        type.getValue().path("schema"),
                        bodies.path(type.getKey()).path("schema"),
                        new HashSet<>());
            }
        });
        was.path("responses").properties().forEach(response -> {
            if (!response.getKey().startsWith("2")) {
                return;
            }
            var now = resolved(after, is.path("responses").path(response.getKey()));
            if (now.isMissingNode()) {
                breaks.add(where + ": never answers " + response.getKey());
                return;
            }
            resolved(before, response.getValue()).path("content").properties().forEach(type -> {
                var answer = now.path("content").path(type.getKey());
                if (answer.isMissingNode()) {
                    breaks.add(where + ": answers no " + type.getKey());
                } else {
                    response(where + " answer", type.getValue().path("schema"), answer.path("schema"), new HashSet<>());
                }
            });
        });
    }

    private void parameters(String where, JsonNode was, JsonNode is) {
        for (var old : was) {
            var now = named(is, old);
            if (now == null) {
                breaks.add(where + ": the parameter " + old.path("name").asString() + " is gone");
            } else {
                request(
                        where + " parameter " + old.path("name").asString(),
                        old.path("schema"),
                        now.path("schema"),
                        new HashSet<>());
            }
        }
        for (var now : is) {
            var old = named(was, now);
            if (now.path("required").asBoolean(false)
                    && (old == null || !old.path("required").asBoolean(false))) {
                breaks.add(where + ": the parameter " + now.path("name").asString() + " is required");
            }
        }
    }

    private static @Nullable JsonNode named(JsonNode parameters, JsonNode like) {
        for (var each : parameters) {
            if (each.path("name").equals(like.path("name")) && each.path("in").equals(like.path("in"))) {
                return each;
            }
        }
        return null;
    }

    /// What a client sends: whatever was admitted must be admitted still.
    private void request(String where, JsonNode was, JsonNode is, Set<String> seen) {
        if (was.has("$ref") && !seen.add(was.path("$ref").asString(""))) {
            return;
        }
        var old = resolved(before, was);
        var now = resolved(after, is);
        if (!types(now).isEmpty() && !types(now).containsAll(types(old))) {
            breaks.add(where + ": takes " + types(now) + ", took " + types(old));
            return;
        }
        if (now.has("enum") && !(old.has("enum") && texts(now.path("enum")).containsAll(texts(old.path("enum"))))) {
            breaks.add(where + ": no longer takes every word it took");
        }
        var required = texts(now.path("required"));
        required.removeAll(texts(old.path("required")));
        required.forEach(name -> breaks.add(where + "." + name + ": is required"));
        old.path("properties").properties().forEach(property -> {
            var there = now.path("properties").path(property.getKey());
            if (there.isMissingNode()) {
                breaks.add(where + "." + property.getKey() + ": gone");
            } else {
                request(where + "." + property.getKey(), property.getValue(), there, seen);
            }
        });
        if (old.has("items") && now.has("items")) {
            request(where + "[]", old.path("items"), now.path("items"), seen);
        }
    }

    /// What a client reads: whatever it was promised must be there, and nothing it was not told of
    /// may stand there.
    private void response(String where, JsonNode was, JsonNode is, Set<String> seen) {
        if (was.has("$ref") && !seen.add(was.path("$ref").asString(""))) {
            return;
        }
        var old = resolved(before, was);
        var now = resolved(after, is);
        if (!types(old).isEmpty() && (types(now).isEmpty() || !types(old).containsAll(types(now)))) {
            breaks.add(where + ": is " + types(now) + ", was " + types(old));
            return;
        }
        if (old.has("enum") && !(now.has("enum") && texts(old.path("enum")).containsAll(texts(now.path("enum"))))) {
            breaks.add(where + ": may hold a word that clients do not know");
        }
        var optional = texts(old.path("required"));
        optional.removeAll(texts(now.path("required")));
        old.path("properties").properties().forEach(property -> {
            var there = now.path("properties").path(property.getKey());
            if (there.isMissingNode()) {
                breaks.add(where + "." + property.getKey() + ": gone");
            } else {
                if (optional.contains(property.getKey())) {
                    breaks.add(where + "." + property.getKey() + ": may be absent");
                }
                response(where + "." + property.getKey(), property.getValue(), there, seen);
            }
        });
        if (old.has("items")) {
            response(where + "[]", old.path("items"), now.path("items"), seen);
        }
    }

    private static JsonNode resolved(JsonNode document, JsonNode schema) {
        var reference = schema.path("$ref").asString("");
        return reference.isEmpty() ? schema : document.at(reference.substring(1));
    }

    private static Set<String> types(JsonNode schema) {
        var type = schema.path("type");
        return type.isString() ? Set.of(type.asString()) : texts(type);
    }

    private static Set<String> texts(JsonNode array) {
        var texts = new TreeSet<String>();
        array.forEach(each -> texts.add(each.asString()));
        return texts;
    }
}
