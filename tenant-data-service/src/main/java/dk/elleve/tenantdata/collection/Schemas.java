package dk.elleve.tenantdata.collection;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dk.elleve.tenantdata.http.Errors;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON Schema 2020-12, as far as it looks nowhere outside the schema itself.
@Component
class Schemas {

    private static final Logger log = LoggerFactory.getLogger(Schemas.class);
    private static final int KEPT = 500;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaCacheEnabled(false)
                    .schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .formatAssertionsEnabled(true)
                            .regularExpressionFactory(BoundedPattern.FACTORY)
                            .build()));
    private final Schema metaSchema =
            registry.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

    /// Compiled schemas by their text: equal texts mean the same, whoever wrote them.
    private final Map<String, Schema> compiled = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Schema> eldest) {
            return size() > KEPT;
        }
    });

    /// What the schema itself breaks of the rules for schemas.
    void checkSchema(JsonNode schema, Errors errors) {
        for (var error : metaSchema.validate(schema)) {
            errors.add("/schema" + error.getInstanceLocation(), "is not JSON Schema 2020-12: " + rule(error));
        }
    }

    /// What the fields break of the schema.
    ///
    /// @param pointer where the fields stand in the request
    void check(ObjectNode schema, ObjectNode fields, String pointer, Errors errors) {
        for (var error : compiled(schema).validate(fields)) {
            var at = pointer + error.getInstanceLocation();
            if (error.getProperty() != null) {
                at += Errors.step(error.getProperty());
            }
            errors.add(at, rule(error));
        }
    }

    /// Whether the library can work with it. What it throws where it cannot is not one type and may repeat the
    /// schema.
    boolean compiles(ObjectNode schema) {
        try {
            compiled(schema).initializeValidators();
            return true;
        } catch (RuntimeException cannot) {
            log.info(
                    "A schema was refused: {} while compiling it",
                    cannot.getClass().getName());
            return false;
        }
    }

    private Schema compiled(ObjectNode schema) {
        var text = schema.toString();
        var known = compiled.get(text);
        if (known == null) {
            known = registry.getSchema(withoutMarks(schema));
            compiled.put(text, known);
        }
        return known;
    }

    private static ObjectNode withoutMarks(ObjectNode schema) {
        var plain = schema.deepCopy();
        for (var property : plain.path("properties")) {
            if (property instanceof ObjectNode object) {
                SchemaDraft.MARKS.forEach(object::remove);
            }
        }
        return plain;
    }

    /// The rule in the schema's own words. The library's message may repeat the value; this never does.
    private static String rule(Error error) {
        var keyword = error.getKeyword() == null ? "the schema" : error.getKeyword();
        @Nullable JsonNode wanted = error.getSchemaNode();
        return switch (keyword) {
            case "required" -> "is required";
            case "additionalProperties", "unevaluatedProperties", "false" -> "is not allowed here";
            case "type" -> "must be of type " + words(wanted);
            case "enum" -> "must be one of " + words(wanted);
            case "const" -> "must be " + words(wanted);
            case "format" -> "must have the format " + words(wanted);
            case "pattern" -> "must match the pattern " + words(wanted);
            default ->
                "breaks the rule " + keyword + (wanted != null && wanted.isValueNode() ? " " + words(wanted) : "");
        };
    }

    private static String words(@Nullable JsonNode wanted) {
        if (wanted == null) {
            return "the schema asks for";
        }
        var text = wanted.isString() ? wanted.stringValue() : wanted.toString();
        return text.length() > 200 ? "those the schema lists" : text;
    }
}
