package dk.elleve.tenantdata.record;

import dk.elleve.tenantdata.collection.Field;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.keyring.FieldKeys;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What one searchable field of one record is found by; exactly one of the last four is there.
///
/// @param text a text's beginning, which narrows a search; PostgreSQL's indexes take no long values
/// @param blind the keyed hash of a personal value, in hexadecimal
record IndexEntry(
        UUID record,
        String field,
        @Nullable String text,
        @Nullable String number,
        @Nullable String time,
        @Nullable String blind) {

    private static final int INDEXED = 200;

    /// The entries of a record.
    static List<IndexEntry> of(UUID record, ObjectNode fields, Layout layout, FieldKeys keys) {
        var entries = new ArrayList<IndexEntry>();
        for (var field : layout.fields()) {
            var value = fields.get(field.name());
            if (!field.searchable() || value == null || !value.isValueNode() || value.isNull()) {
                continue;
            }
            entries.add(
                    field.personal()
                            ? new IndexEntry(record, field.name(), null, null, null, keys.blind(field.name(), value))
                            : clear(record, field, value.isNumber() ? "" : value.asString(), fields));
        }
        return entries;
    }

    private static IndexEntry clear(UUID record, Field field, String text, ObjectNode fields) {
        return switch (field.kind()) {
            case NUMBER -> {
                var number = fields.path(field.name()).decimalValue().doubleValue();
                yield new IndexEntry(record, field.name(), null, Double.toString(number), null, null);
            }
            case TIME ->
                new IndexEntry(
                        record,
                        field.name(),
                        null,
                        null,
                        OffsetDateTime.parse(text).toInstant().toString(),
                        null);
            case TEXT, DATE, BOOLEAN, OTHER -> new IndexEntry(record, field.name(), beginning(text), null, null, null);
        };
    }

    /// The part of a text that the index holds.
    static String beginning(String text) {
        return text.codePointCount(0, text.length()) <= INDEXED
                ? text
                : text.substring(0, text.offsetByCodePoints(0, INDEXED));
    }
}
