package dk.elleve.audit.capture;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/// Rows as JSON shows them: numbers, booleans, texts, lists, and the JSON of `json` and `jsonb`
/// columns as PostgreSQL gave it; as a text where it is more than a reader takes. Bytes in base64,
/// times in ISO 8601, and as texts what JSON has no number for: `NaN`, `Infinity`, `-0.0`; nor has
/// ISO 8601 a day for `infinity`.
final class Images {

    private static final long END_OF_DAY = 86_400_000_000L;

    /// What the engine makes of a `date` and of a `timestamp` that are no days; PostgreSQL has none so early or so
    /// late.
    private static final Map<Long, String> NO_DAYS = Map.of(
            -2_147_472_692L, "infinity",
            -2_147_472_691L, "-infinity",
            9_223_372_036_825_200_000L, "infinity",
            -9_223_372_036_832_400_000L, "-infinity");

    private static final int NUMBER_SIZE = 16;

    /// Takes what every reader of entries takes. It meets the JSON within a page, an entry and an
    /// image, hence some levels less.
    private static final JsonMapper READER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(StreamReadConstraints.DEFAULT_MAX_DEPTH - 20)
                    .build())
            .build());

    private Images() {}

    static @Nullable Map<String, @Nullable Object> of(@Nullable Struct row) {
        if (row == null) {
            return null;
        }
        var image = new LinkedHashMap<String, @Nullable Object>();
        for (var field : row.schema().fields()) {
            var value = value(field.schema(), row.get(field));
            var json = value instanceof String text && isJson(field.schema(), text);
            image.put(field.name(), json ? new RawValue((String) value) : value);
        }
        return image;
    }

    /// Such a text is taken over as it is, so that no number loses a digit. What Debezium writes
    /// where PostgreSQL did not send an unchanged large value is none.
    private static boolean isJson(Schema schema, String text) {
        return "io.debezium.data.Json".equals(schema.name()) && isReadable(text);
    }

    /// PostgreSQL allows nesting and numbers that no reader takes: as JSON they would hide the
    /// whole entry.
    private static boolean isReadable(String text) {
        try (var in = READER.createParser(text)) {
            for (var token = in.nextToken(); token != null; token = in.nextToken()) {
                if (token == JsonToken.VALUE_NUMBER_FLOAT) {
                    in.getDecimalValue(); // only here the exponent is looked at, and not by Jackson
                }
            }
            return true;
        } catch (JacksonException | NumberFormatException unreadable) {
            return false;
        }
    }

    /// About how many bytes an image takes in memory.
    static long size(@Nullable Object image) {
        return switch (image) {
            case null -> 0;
            case String text -> text.length();
            case RawValue json -> size(json.rawValue());
            case Map<?, ?> fields ->
                fields.entrySet().stream()
                        .mapToLong(field -> size(field.getKey()) + size(field.getValue()))
                        .sum();
            case List<?> list -> list.stream().mapToLong(Images::size).sum();
            default -> NUMBER_SIZE;
        };
    }

    static @Nullable Object value(Schema schema, @Nullable Object value) {
        var type = schema.name() == null ? "" : schema.name();
        return switch (value) {
            case null -> null;
            case Struct struct -> of(struct);
            case ByteBuffer bytes -> base64(bytes);
            case byte[] bytes -> base64(ByteBuffer.wrap(bytes));
            case List<?> list ->
                list.stream().map(each -> value(schema.valueSchema(), each)).toList();
            case Integer days
            when type.equals("io.debezium.time.Date") ->
                NO_DAYS.getOrDefault(
                        days.longValue(), LocalDate.ofEpochDay(days).toString());
            case Long micros
            when type.equals("io.debezium.time.MicroTimestamp") ->
                NO_DAYS.getOrDefault(
                        micros,
                        LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC).toString());
            case Long micros when type.equals("io.debezium.time.MicroTime") -> time(micros);
            case Number number -> isMinusZero(number) ? number.toString() : number;
            case Boolean yes -> yes;
            default -> String.valueOf(value);
        };
    }

    /// Readers of JSON take it as 0, though it is another value to PostgreSQL's `float8`.
    private static boolean isMinusZero(Number number) {
        return number.equals(-0.0) || number.equals(-0f);
    }

    /// PostgreSQL knows a time 24:00:00 and Java does not.
    private static String time(long micros) {
        return micros == END_OF_DAY
                ? "24:00"
                : LocalTime.ofNanoOfDay(micros * 1000).toString();
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    private static String base64(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
