package dk.elleve.contracts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes the JSON Schema (draft 2020-12) of a record from its components, and their descriptions from its doc comment.
/// A component that may be absent is not required; an unknown field is allowed, for a newer version may say more.
final class SchemaWriter {

    /// Narrower than RFC 3339 and than `Instant.parse`, so that whatever it admits both can read.
    static final String INSTANT =
            "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?Z$";

    /// What `Duration` writes: ISO 8601 without years and months. The format `duration` knows no fractions (RFC 3339).
    static final String DURATION =
            "^P(?=[0-9]|T)([0-9]{1,9}D)?(T(?=[0-9])([0-9]{1,9}H)?([0-9]{1,9}M)?([0-9]{1,9}(\\.[0-9]{1,9})?S)?)?$";

    static final String TENANT = "^[a-z](-?[a-z0-9])+$";

    private static final Pattern PARAMETER = Pattern.compile("^@param (\\w+) (.*)$");

    private final Path sources;

    /// @param sources the folder `src/main/java`
    SchemaWriter(Path sources) {
        this.sources = sources;
    }

    Map<String, Object> schema(String name, Class<?> event) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "urn:elleve:event:" + name);
        schema.put("title", name);
        schema.putAll(object(event));
        return schema;
    }

    private Map<String, Object> object(Class<?> record) {
        var told = comment(record);
        var properties = new LinkedHashMap<String, Object>();
        for (var component : record.getRecordComponents()) {
            var property = new LinkedHashMap<>(type(component.getAnnotatedType()));
            var description = told.get(component.getName());
            if (description != null) {
                property.put("description", description);
            }
            if (record == Actor.class && !component.getName().equals("kind")) {
                property.put("minLength", 1);
                property.put("maxLength", 200);
                property.put("pattern", "^[ -~]*[!-~][ -~]*$");
            }
            properties.put(component.getName(), property);
        }
        var object = new LinkedHashMap<String, Object>();
        var own = told.get("");
        if (own != null) {
            object.put("description", own);
        }
        object.put("type", "object");
        object.put("properties", properties);
        object.put(
                "required",
                Arrays.stream(record.getRecordComponents())
                        .filter(component -> !mayBeAbsent(component))
                        .map(RecordComponent::getName)
                        .toList());
        return object;
    }

    static boolean mayBeAbsent(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private Map<String, Object> type(AnnotatedType annotated) {
        var type = annotated.getType();
        if (annotated instanceof AnnotatedParameterizedType parameters) {
            var last = parameters.getAnnotatedActualTypeArguments();
            var inner = type(last[last.length - 1]);
            return type.getTypeName().startsWith(List.class.getName())
                    ? ordered("type", "array", "items", inner)
                    : ordered("type", "object", "additionalProperties", inner);
        }
        return switch (type) {
            case Class<?> c when c == String.class -> ordered("type", "string");
            case Class<?> c when c == boolean.class -> ordered("type", "boolean");
            case Class<?> c
            when c == int.class ->
                ordered("type", "integer", "minimum", Integer.MIN_VALUE, "maximum", Integer.MAX_VALUE);
            case Class<?> c
            when c == long.class -> ordered("type", "integer", "minimum", Long.MIN_VALUE, "maximum", Long.MAX_VALUE);
            case Class<?> c
            when c == Instant.class -> ordered("type", "string", "format", "date-time", "pattern", INSTANT);
            case Class<?> c when c == Duration.class -> ordered("type", "string", "pattern", DURATION);
            case Class<?> c
            when c == TenantId.class -> ordered("type", "string", "minLength", 2, "maxLength", 40, "pattern", TENANT);
            case Class<?> c
            when c.isEnum() ->
                ordered(
                        "type",
                        "string",
                        "enum",
                        Arrays.stream(c.getEnumConstants())
                                .map(word -> word.toString().toLowerCase(Locale.ROOT))
                                .toList());
            case Class<?> c when c.isRecord() -> object(c);
            default -> throw new IllegalArgumentException("No JSON Schema is known for " + type);
        };
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    /// The doc comment above a record: its own words under the empty name, each parameter's under its name.
    private Map<String, String> comment(Class<?> record) {
        var top = record;
        while (top.getEnclosingClass() != null) {
            top = top.getEnclosingClass();
        }
        var file = sources.resolve(top.getName().replace('.', '/') + ".java");
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var start = Pattern.compile("^\\s*(public )?record " + Pattern.quote(record.getSimpleName()) + "\\(.*");
        int at = 0;
        while (!start.matcher(lines.get(at)).matches()) {
            at++;
        }
        int from = at;
        while (lines.get(from - 1).strip().startsWith("///")) {
            from--;
        }
        var told = new TreeMap<String, String>();
        var name = "";
        for (var line : lines.subList(from, at)) {
            var text = line.strip().substring(3).strip();
            var parameter = PARAMETER.matcher(text);
            if (parameter.matches()) {
                name = parameter.group(1);
                text = parameter.group(2);
            }
            if (!text.isEmpty()) {
                told.merge(name, text, (before, more) -> before + " " + more);
            }
        }
        return told;
    }
}
