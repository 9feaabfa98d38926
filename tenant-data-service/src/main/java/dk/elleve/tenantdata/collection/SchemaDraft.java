package dk.elleve.tenantdata.collection;

import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.tenantdata.http.Errors;
import java.util.ArrayList;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wants a collection to be, checked.
///
/// @param retentionFrom the field, or `createdAt` or `updatedAt`, that the area's retention counts from
record SchemaDraft(
        ObjectNode schema, Layout layout, @Nullable String retentionFrom) {

    static final String PERSONAL = "x-personal";
    static final String SEARCHABLE = "x-searchable";
    static final String SUBJECT = "x-subject";
    static final Set<String> MARKS = Set.of(PERSONAL, SEARCHABLE, SUBJECT);

    /// What every record carries beside its fields.
    static final Set<String> READ_ONLY = Set.of("id", "createdAt", "updatedAt");

    private static final Set<String> RESERVED =
            Set.of("and", "or", "not", "in", "eq", "ne", "lt", "le", "gt", "ge", "true", "false", "null");
    private static final Pattern FIELD_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]{0,62}");
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final Set<String> REFERENCES = Set.of(
            "$ref",
            "$dynamicRef",
            "$recursiveRef",
            "$id",
            "$anchor",
            "$dynamicAnchor",
            "$recursiveAnchor",
            "$vocabulary");
    private static final Set<String> DATA = Set.of("enum", "const", "default", "examples");
    private static final Set<String> BY_NAME =
            Set.of("properties", "patternProperties", "dependentSchemas", "$defs", "definitions");
    private static final int MOST_FIELDS = 200;

    /// @throws dk.elleve.kit.problem.Problem with every rule that is broken
    static SchemaDraft of(ObjectNode body, Schemas schemas) {
        var errors = new Errors();
        for (var name : body.propertyNames()) {
            if (!name.equals("schema") && !name.equals("retentionFrom") && !READ_ONLY.contains(name)) {
                errors.add(Errors.step(name), "is not part of a collection; known are schema and retentionFrom");
            }
        }
        if (!(body.get("schema") instanceof ObjectNode schema)) {
            errors.add("/schema", "is required: a JSON Schema 2020-12 as an object");
            errors.refuse(CommonProblem.INVALID_REQUEST, "The collection is not complete or not valid.");
            throw new IllegalStateException("unreachable");
        }
        schemas.checkSchema(schema, errors);
        errors.refuse(CollectionProblem.SCHEMA_INVALID, "The schema is not valid.");
        walk(schema, "/schema", 0, errors);
        var layout = layout(schema, errors);
        var retentionFrom = retentionFrom(body.get("retentionFrom"), layout, errors);
        errors.refuse(CollectionProblem.SCHEMA_INVALID, "The schema is valid but cannot be used here.");
        if (!schemas.compiles(schema)) {
            throw CollectionProblem.SCHEMA_INVALID.with(
                    "The schema follows JSON Schema 2020-12 but cannot be compiled.");
        }
        return new SchemaDraft(schema, layout, retentionFrom);
    }

    /// The layout of a schema that was checked when it was stored.
    static Layout layoutOf(ObjectNode schema) {
        return layout(schema, new Errors());
    }

    private static Layout layout(ObjectNode schema, Errors errors) {
        if (!schema.path("type").isString()
                || !schema.path("type").stringValue().equals("object")) {
            errors.add("/schema/type", "must be object: a record is an object");
        }
        var fields = new ArrayList<Field>();
        if (!(schema.get("properties") instanceof ObjectNode properties) || properties.isEmpty()) {
            errors.add("/schema/properties", "must name the fields: what is not named cannot be stored");
            return new Layout(fields);
        }
        if (properties.size() > MOST_FIELDS) {
            errors.add("/schema/properties", "may name at most " + MOST_FIELDS + " fields");
        }
        properties.forEachEntry((name, property) -> {
            var at = "/schema/properties" + Errors.step(name);
            if (!FIELD_NAME.matcher(name).matches()) {
                errors.add(at, "a field's name has 1 to 63 letters, digits, - and _ and starts with a letter or _");
            } else if (READ_ONLY.contains(name) || RESERVED.contains(name)) {
                errors.add(at, "is a word of the platform; choose another name");
            }
            fields.add(field(name, property, at, errors));
        });
        if (fields.stream().filter(Field::subject).count() > 1) {
            errors.add("/schema/properties", "only one field can tell which person a record is about (x-subject)");
        }
        return new Layout(fields);
    }

    private static Field field(String name, JsonNode property, String at, Errors errors) {
        var kind = kind(property);
        var personal = mark(property, PERSONAL, at, errors);
        var searchable = mark(property, SEARCHABLE, at, errors);
        var subject = mark(property, SUBJECT, at, errors);
        for (var keyword : property.propertyNames()) {
            if (keyword.startsWith("x-") && !MARKS.contains(keyword)) {
                // A misspelt x-personal would store a person's data in clear.
                errors.add(at + Errors.step(keyword), "is not a mark known here: x-personal, x-searchable, x-subject");
            }
        }
        if ((searchable || subject) && kind == Field.Kind.OTHER) {
            errors.add(at, "can be searchable or the subject only with one type of string, number, integer or boolean");
        }
        return new Field(name, kind, personal, searchable || subject, subject);
    }

    private static boolean mark(JsonNode property, String mark, String at, Errors errors) {
        var value = property.get(mark);
        if (value != null && !value.isBoolean()) {
            errors.add(at + "/" + mark, "must be true or false");
        }
        return value != null && value.isBoolean() && value.booleanValue();
    }

    private static Field.Kind kind(JsonNode property) {
        var types = new ArrayList<String>();
        var type = property.path("type");
        if (type.isString()) {
            types.add(type.stringValue());
        } else {
            type.forEach(each -> types.add(each.asString()));
        }
        types.remove("null");
        if (types.size() != 1) {
            return Field.Kind.OTHER;
        }
        return switch (types.getFirst()) {
            case "string" ->
                switch (property.path("format").asString("")) {
                    case "date" -> Field.Kind.DATE;
                    case "date-time" -> Field.Kind.TIME;
                    default -> Field.Kind.TEXT;
                };
            case "integer", "number" -> Field.Kind.NUMBER;
            case "boolean" -> Field.Kind.BOOLEAN;
            default -> Field.Kind.OTHER;
        };
    }

    private static @Nullable String retentionFrom(@Nullable JsonNode value, Layout layout, Errors errors) {
        if (value == null || value.isNull()) {
            return null;
        }
        var name = value.isString() ? value.stringValue() : "";
        if (name.equals("createdAt") || name.equals("updatedAt")) {
            return name;
        }
        var field = layout.field(name);
        if (field.isEmpty()
                || field.get().personal()
                || !(field.get().kind() == Field.Kind.DATE || field.get().kind() == Field.Kind.TIME)) {
            errors.add(
                    "/retentionFrom",
                    "names createdAt, updatedAt, or a field that is not personal and has the format date or date-time");
        }
        return name;
    }

    /// Nothing may be fetched, nothing may refer in circles, and no mark may stand where it would mean nothing.
    private static void walk(JsonNode schema, String at, int depth, Errors errors) {
        if (schema.isArray()) {
            int i = 0;
            for (var item : schema) {
                walk(item, at + "/" + i++, depth + 1, errors);
            }
        }
        if (!(schema instanceof ObjectNode object)) {
            return;
        }
        var markable = at.matches("/schema/properties/[^/]+");
        object.forEachEntry((key, value) -> {
            var here = at + Errors.step(key);
            if (REFERENCES.contains(key)) {
                errors.add(here, "references are not supported: write the schema out");
            } else if (key.equals("$schema") && !(depth == 0 && DIALECT.equals(value.asString("")))) {
                errors.add(here, "may only be " + DIALECT + ", at the top");
            } else if (MARKS.contains(key) && !markable) {
                errors.add(here, "marks a whole field and stands directly in /schema/properties/<field>");
            } else if (key.equals("pattern") && value.isString()) {
                pattern(value.stringValue(), here, errors);
            } else if (key.equals("patternProperties") && value.isObject()) {
                value.propertyNames().forEach(each -> pattern(each, here + Errors.step(each), errors));
            }
            if (BY_NAME.contains(key)) {
                // The keys in here are somebody's names, not words of JSON Schema: a field may be called `default`.
                value.propertyStream()
                        .forEach(each -> walk(each.getValue(), here + Errors.step(each.getKey()), depth + 2, errors));
            } else if (!DATA.contains(key)) {
                walk(value, here, depth + 1, errors);
            }
        });
    }

    private static void pattern(String expression, String at, Errors errors) {
        if (expression.length() > BoundedPattern.LONGEST) {
            errors.add(at, "may have at most " + BoundedPattern.LONGEST + " characters");
            return;
        }
        try {
            new BoundedPattern(expression);
        } catch (PatternSyntaxException wrong) {
            errors.add(at, "is not a regular expression");
        }
    }
}
