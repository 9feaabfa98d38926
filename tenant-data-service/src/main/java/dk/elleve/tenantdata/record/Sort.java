package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.filter.FilterProblem;
import org.jspecify.annotations.Nullable;

/// The order of a list: one field, and among equals the order of making.
record Sort(String field, Field.Kind kind, boolean descending) {

    /// @param text a field's name, with `-` before it for the other way round
    /// @throws dk.elleve.kit.problem.Problem if the field cannot order a list
    static Sort of(@Nullable String text, Layout layout) {
        if (text == null || text.isBlank()) {
            return new Sort("createdAt", Field.Kind.TIME, false);
        }
        var descending = text.startsWith("-");
        var name = descending ? text.substring(1) : text;
        if (name.equals("createdAt") || name.equals("updatedAt")) {
            return new Sort(name, Field.Kind.TIME, descending);
        }
        var field = layout.field(name)
                .orElseThrow(() -> FilterProblem.UNKNOWN_FIELD.in(
                        "sort",
                        "name one field of the schema, createdAt or updatedAt, with - before it for descending"));
        if (field.personal()) {
            throw FilterProblem.PERSONAL_FIELD_NOT_SORTABLE.in(
                    "sort", "the database sees personal fields encrypted and knows no order of them");
        }
        if (!field.scalar()) {
            throw FilterProblem.INVALID_FILTER.in("sort", "a field with lists, objects or several types has no order");
        }
        return new Sort(name, field.kind(), descending);
    }

    boolean byColumn() {
        return field.equals("createdAt") || field.equals("updatedAt");
    }

    @Override
    public String toString() {
        return (descending ? "-" : "") + field;
    }
}
