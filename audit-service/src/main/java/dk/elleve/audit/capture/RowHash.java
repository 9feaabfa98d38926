package dk.elleve.audit.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/// The keyed hash of one row, the same whether the row came as a change or was read from the table: HMAC-SHA-256 over
/// the
/// table's name and the columns that have a value, by name. A column without a value says nothing, so that a new one
/// leaves the rows as they were. For one thread.
final class RowHash {

    private static final int SCHEMAS = 1000;

    private static final OffsetDateTime EPOCH = OffsetDateTime.parse("1970-01-01T00:00:00Z");

    private final Mac mac;
    private final Map<Schema, List<Field>> sorted = new IdentityHashMap<>();

    RowHash(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /// Of a row as a change of it was sent.
    byte[] of(String table, Struct row) {
        begin(table);
        for (var field : fields(row.schema())) {
            var value = row.get(field);
            if (value != null) {
                put(field.name().getBytes(StandardCharsets.UTF_8));
                put(canonical(field.schema(), value));
            }
        }
        return mac.doFinal();
    }

    /// Of a row as it was read.
    ///
    /// @param columns the values that are there, by name, each in the form that a change of it would have
    byte[] of(String table, SortedMap<String, byte[]> columns) {
        begin(table);
        columns.forEach((name, value) -> {
            put(name.getBytes(StandardCharsets.UTF_8));
            put(value);
        });
        return mac.doFinal();
    }

    private void begin(String table) {
        put(table.getBytes(StandardCharsets.UTF_8));
    }

    /// With its length before it: no two rows are written alike.
    private void put(byte[] bytes) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        mac.update(bytes);
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
            case Boolean yes -> text(yes ? "t" : "f");
            case List<?> list ->
                list(list.stream()
                        .<byte @Nullable []>map(each -> each == null ? null : canonical(schema.valueSchema(), each))
                        .toList());
            case String time when "io.debezium.time.ZonedTimestamp".equals(schema.name()) -> text(micros(time));
            default -> text(String.valueOf(value));
        };
    }

    /// Elements of an array, each with its length before it, -1 for one that is null.
    static byte[] list(List<byte @Nullable []> elements) {
        var bytes = new ByteArrayOutputStream();
        for (var element : elements) {
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .putInt(0, element == null ? -1 : element.length)
                    .array());
            if (element != null) {
                bytes.writeBytes(element);
            }
        }
        return bytes.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String micros(String time) {
        try {
            return Long.toString(ChronoUnit.MICROS.between(EPOCH, OffsetDateTime.parse(time)));
        } catch (DateTimeParseException | ArithmeticException endless) {
            return time; // an infinite one
        }
    }
}
