package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.filter.Filter;
import dk.elleve.tenantdata.filter.Filter.Literal;
import dk.elleve.tenantdata.filter.Filter.Operator;
import dk.elleve.tenantdata.filter.FilterProblem;
import dk.elleve.tenantdata.keyring.FieldKeys;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Turns a filter into a condition on `data.record r`. Every value and every name goes in as a parameter; a personal
/// value goes in as its keyed hash.
///
/// A searchable field's index narrows the rows first, by operators PostgreSQL may use under row-level security; the
/// record's own value then decides. A comparison is true or false, never unknown: `ne` also finds records without the
/// field.
final class FilterSql {

    private static final String INDEX = """
            r.id IN (SELECT i.record_id FROM data.record_index i
                     WHERE i.tenant_id = :tenant AND i.area = :area AND i.collection = :collection AND i.field = :%s AND %s)""";

    private final Layout layout;
    private final FieldKeys keys;
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private final TreeSet<String> personal = new TreeSet<>();
    private String condition = "true";

    private FilterSql(Layout layout, FieldKeys keys) {
        this.layout = layout;
        this.keys = keys;
    }

    static FilterSql none(Layout layout, FieldKeys keys) {
        return new FilterSql(layout, keys);
    }

    /// @throws dk.elleve.kit.problem.Problem if a field cannot be compared in this way
    static FilterSql of(Filter filter, Layout layout, FieldKeys keys) {
        var sql = new FilterSql(layout, keys);
        sql.condition = sql.condition(filter);
        return sql;
    }

    String condition() {
        return condition;
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    /// The personal fields that the filter asks about.
    TreeSet<String> personal() {
        return personal;
    }

    private String condition(Filter filter) {
        return switch (filter) {
            case Filter.And(var all) ->
                all.stream().map(this::condition).collect(Collectors.joining(" AND ", "(", ")"));
            case Filter.Or(var any) -> any.stream().map(this::condition).collect(Collectors.joining(" OR ", "(", ")"));
            case Filter.Not(var what) -> "NOT " + condition(what);
            case Filter.Compare c -> compare(c);
            case Filter.In in ->
                in.values().stream()
                        .map(value -> compare(new Filter.Compare(in.field(), Operator.EQ, value, in.at())))
                        .collect(Collectors.joining(" OR ", "(", ")"));
        };
    }

    private String compare(Filter.Compare c) {
        switch (c.field()) {
            case "id" -> {
                return id(c);
            }
            case "createdAt" -> {
                return "(r.created_at " + sign(c.operator()) + " :" + parameter(time(c)) + ")";
            }
            case "updatedAt" -> {
                return "(r.updated_at " + sign(c.operator()) + " :" + parameter(time(c)) + ")";
            }
            default -> {}
        }
        var field = layout.field(c.field())
                .orElseThrow(() -> FilterProblem.UNKNOWN_FIELD.at(
                        "filter", c.at(), "the collection's schema has no field of this name"));
        if (!field.scalar()) {
            throw FilterProblem.INVALID_FILTER.at(
                    "filter", c.at(), "a field with lists, objects or several types cannot be compared");
        }
        return field.personal() ? personal(field, c) : clear(field, c);
    }

    private String personal(Field field, Filter.Compare c) {
        if (!field.searchable()) {
            throw FilterProblem.FIELD_NOT_SEARCHABLE.at(
                    "filter",
                    c.at(),
                    "it is personal and stored encrypted; mark it x-searchable in the schema of a new "
                            + "collection to find records by it");
        }
        if (c.operator() != Operator.EQ) {
            throw FilterProblem.PERSONAL_FIELD_EQUALITY_ONLY.at(
                    "filter", c.at(), "it is personal and stored encrypted, so only eq and in can find it");
        }
        personal.add(field.name());
        var name = parameter(field.name());
        var hash = parameter(keys.blind(field.name(), value(field, c)));
        return "(" + INDEX.formatted(name, "i.blind = decode(:" + hash + ", 'hex')") + ")";
    }

    private String clear(Field field, Filter.Compare c) {
        var name = parameter(field.name());
        if (c.value() instanceof Literal.Nothing) {
            var absent = "(r.fields -> :" + name + " IS NULL OR r.fields -> :" + name + " = 'null'::jsonb)";
            return switch (c.operator()) {
                case EQ -> absent;
                case NE -> "NOT " + absent;
                case LT, LE, GT, GE ->
                    throw FilterProblem.INVALID_FILTER.at("filter", c.at(), "null can only be compared with eq and ne");
            };
        }
        Object wanted = switch (field.kind()) {
            case NUMBER -> value(field, c).decimalValue();
            case TIME -> time(c);
            case BOOLEAN -> value(field, c).booleanValue();
            case TEXT, DATE, OTHER -> value(field, c).stringValue();
        };
        if (field.kind() == Field.Kind.BOOLEAN && c.operator() != Operator.EQ && c.operator() != Operator.NE) {
            throw FilterProblem.INVALID_FILTER.at(
                    "filter", c.at(), "true and false can only be compared with eq and ne");
        }
        var value = parameter(wanted);
        var exact = "coalesce(" + expression(field, name) + " "
                + sign(c.operator() == Operator.NE ? Operator.EQ : c.operator()) + " :" + value + ", false)";
        if (c.operator() == Operator.NE) {
            return "(NOT " + exact + ")";
        }
        return field.searchable()
                ? "(" + INDEX.formatted(name, narrowing(field, c.operator(), wanted)) + " AND " + exact + ")"
                : "(" + exact + ")";
    }

    /// The index holds numbers as doubles and the beginning of texts, so it may let a neighbour through but never lose
    /// one.
    private String narrowing(Field field, Operator operator, Object wanted) {
        var sign = sign(
                switch (operator) {
                    case LT -> Operator.LE;
                    case GT -> Operator.GE;
                    case EQ, NE, LE, GE -> operator;
                });
        return switch (field.kind()) {
            case NUMBER ->
                "i.number_value " + sign + " :" + parameter(((java.math.BigDecimal) wanted).doubleValue()) + "::float8";
            case TIME -> "i.time_value " + sign + " :" + parameter(wanted);
            case TEXT, DATE, BOOLEAN, OTHER ->
                "i.text_value " + sign + " :" + parameter(IndexEntry.beginning(wanted.toString()));
        };
    }

    /// A field's value as something PostgreSQL can compare.
    static String expression(Field field, String name) {
        return expression(field.kind(), name);
    }

    static String expression(Field.Kind kind, String name) {
        return switch (kind) {
            case NUMBER ->
                "CASE WHEN jsonb_typeof(r.fields -> :%1$s) = 'number' THEN (r.fields ->> :%1$s)::numeric END"
                        .formatted(name);
            case BOOLEAN ->
                "CASE WHEN jsonb_typeof(r.fields -> :%1$s) = 'boolean' THEN (r.fields ->> :%1$s)::boolean END"
                        .formatted(name);
            case TIME ->
                "CASE WHEN jsonb_typeof(r.fields -> :%1$s) = 'string' THEN (r.fields ->> :%1$s)::timestamptz END"
                        .formatted(name);
            case TEXT, DATE, OTHER -> "(r.fields ->> :%s)".formatted(name);
        };
    }

    private String id(Filter.Compare c) {
        if (c.operator() != Operator.EQ && c.operator() != Operator.NE) {
            throw FilterProblem.INVALID_FILTER.at("filter", c.at(), "an id can only be compared with eq, ne and in");
        }
        if (!(c.value() instanceof Literal.Text(var text))
                || !Records.ID.matcher(text).matches()) {
            throw FilterProblem.INVALID_FILTER.at("filter", c.at(), "an id is a UUID in quotation marks");
        }
        return "(r.id " + sign(c.operator()) + " :" + parameter(UUID.fromString(text)) + ")";
    }

    private static OffsetDateTime time(Filter.Compare c) {
        if (c.value() instanceof Literal.Text(var text)) {
            try {
                return OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            } catch (DateTimeException none) {
                // Told below.
            }
        }
        throw FilterProblem.INVALID_FILTER.at(
                "filter", c.at(), "compare it with an instant such as \"2026-11-24T12:00:00Z\"");
    }

    /// The literal as a value of the field's type.
    private static JsonNode value(Field field, Filter.Compare c) {
        var nodes = JsonNodeFactory.instance;
        return switch (field.kind()) {
            case NUMBER -> {
                if (c.value() instanceof Literal.Number(var number)) {
                    yield nodes.numberNode(number);
                }
                throw FilterProblem.INVALID_FILTER.at(
                        "filter", c.at(), "this field is a number: write it without quotation marks");
            }
            case BOOLEAN -> {
                if (c.value() instanceof Literal.Bool(var value)) {
                    yield nodes.booleanNode(value);
                }
                throw FilterProblem.INVALID_FILTER.at("filter", c.at(), "this field is true or false");
            }
            case DATE -> {
                if (c.value() instanceof Literal.Text(var text) && isDate(text)) {
                    yield nodes.stringNode(text);
                }
                throw FilterProblem.INVALID_FILTER.at("filter", c.at(), "this field is a date such as \"2026-11-24\"");
            }
            case TEXT, TIME, OTHER -> {
                if (c.value() instanceof Literal.Text(var text)) {
                    yield nodes.stringNode(text);
                }
                throw FilterProblem.INVALID_FILTER.at(
                        "filter", c.at(), "this field is a text: write it in quotation marks");
            }
        };
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException no) {
            return false;
        }
    }

    private static String sign(Operator operator) {
        return switch (operator) {
            case EQ -> "=";
            case NE -> "<>";
            case LT -> "<";
            case LE -> "<=";
            case GT -> ">";
            case GE -> ">=";
        };
    }

    private String parameter(Object value) {
        var name = "p" + parameters.size();
        parameters.put(name, value);
        return name;
    }
}
