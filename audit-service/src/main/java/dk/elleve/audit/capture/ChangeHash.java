package dk.elleve.audit.capture;

import dk.elleve.kit.fingerprint.RowHash;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/// The keyed hash of a row as a change of it was sent. For one thread.
final class ChangeHash {

    private static final int SCHEMAS = 1000;

    private static final OffsetDateTime EPOCH = OffsetDateTime.parse("1970-01-01T00:00:00Z");

    private final RowHash hash;
    private final Map<Schema, List<Field>> sorted = new IdentityHashMap<>();

    ChangeHash(RowHash hash) {
        this.hash = hash;
    }

    byte[] of(String table, Struct row) {
        hash.begin(table);
        for (var field : fields(row.schema())) {
            var value = row.get(field);
            if (value != null) {
                hash.put(field.name(), canonical(field.schema(), value));
            }
        }
        return hash.end();
    }

    private List<Field> fields(Schema schema) {
        if (sorted.size() > SCHEMAS) {
            sorted.clear();
        }
        return sorted.computeIfAbsent(
                schema,
                columns -> columns.fields().stream()
                        .sorted(Comparator.comparing(Field::name))
                        .toList());
    }

    private static byte[] canonical(Schema schema, Object value) {
        return switch (value) {
            case ByteBuffer bytes -> {
                var copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                yield copy;
            }
            case byte[] bytes -> bytes;
            case Boolean yes -> RowHash.text(yes ? "t" : "f");
            case List<?> list ->
                RowHash.list(list.stream()
                        .<byte @Nullable []>map(each -> each == null ? null : canonical(schema.valueSchema(), each))
                        .toList());
            case String time when "io.debezium.time.ZonedTimestamp".equals(schema.name()) -> RowHash.text(micros(time));
            default -> RowHash.text(String.valueOf(value));
        };
    }

    private static String micros(String time) {
        try {
            return Long.toString(ChronoUnit.MICROS.between(EPOCH, OffsetDateTime.parse(time)));
        } catch (DateTimeParseException | ArithmeticException endless) {
            return time; // an infinite one
        }
    }
}
