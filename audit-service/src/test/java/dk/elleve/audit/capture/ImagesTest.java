package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

class ImagesTest {

    @Test
    void values_look_as_people_write_them() {
        assertThat(value("io.debezium.time.Date", Schema.Type.INT32, 20_513)).isEqualTo("2026-03-01");
        assertThat(value("io.debezium.time.MicroTimestamp", Schema.Type.INT64, 1_772_355_600_000_123L))
                .isEqualTo("2026-03-01T09:00:00.000123");
        assertThat(value("io.debezium.time.MicroTimestamp", Schema.Type.INT64, -1L))
                .isEqualTo("1969-12-31T23:59:59.999999");
        assertThat(value("io.debezium.time.MicroTime", Schema.Type.INT64, 32_400_000_000L))
                .isEqualTo("09:00");
        assertThat(value(null, Schema.Type.INT64, 5L)).isEqualTo(5L);
        assertThat(value(null, Schema.Type.BOOLEAN, true)).isEqualTo(true);
        assertThat(value(null, Schema.Type.STRING, "12.50")).isEqualTo("12.50");
        assertThat(value(null, Schema.Type.STRING, null)).isNull();
    }

    @Test
    void the_end_of_the_day_is_a_time_too() {
        assertThat(value("io.debezium.time.MicroTime", Schema.Type.INT64, 86_400_000_000L))
                .isEqualTo("24:00");
    }

    @Test
    void what_is_no_day_and_what_json_has_no_number_for_is_said_in_words() {
        assertThat(value("io.debezium.time.Date", Schema.Type.INT32, -2_147_472_692))
                .isEqualTo("infinity");
        assertThat(value("io.debezium.time.MicroTimestamp", Schema.Type.INT64, -9_223_372_036_832_400_000L))
                .isEqualTo("-infinity");
        assertThat(value(null, Schema.Type.FLOAT64, -0.0)).isEqualTo("-0.0");
        assertThat(value(null, Schema.Type.FLOAT32, -0f)).isEqualTo("-0.0");
        assertThat(value(null, Schema.Type.FLOAT64, 0.0)).isEqualTo(0.0);
    }

    @Test
    void bytes_are_base64_and_reading_them_leaves_them_unread() {
        var bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});

        assertThat(value(null, Schema.Type.BYTES, bytes)).isEqualTo("AQID");
        assertThat(value(null, Schema.Type.BYTES, bytes)).isEqualTo("AQID");
        assertThat(value(null, Schema.Type.BYTES, new byte[] {1, 2, 3})).isEqualTo("AQID");
    }

    @Test
    void rows_keep_the_order_of_their_columns_and_lists_their_nulls() {
        var schema = SchemaBuilder.struct()
                .field("z", Schema.OPTIONAL_STRING_SCHEMA)
                .field("a", SchemaBuilder.array(Schema.OPTIONAL_STRING_SCHEMA).build())
                .build();
        var list = new ArrayList<@Nullable String>(List.of("x"));
        list.add(null);

        var image = Images.of(new Struct(schema).put("a", list));

        assertThat(image).isNotNull();
        assertThat(image.keySet()).containsExactly("z", "a");
        assertThat(image.get("z")).isNull();
        assertThat(image.get("a")).isEqualTo(list);
        assertThat(Images.of(null)).isNull();
    }

    @Test
    void json_stays_json_to_the_last_digit() {
        var json =
                SchemaBuilder.string().name("io.debezium.data.Json").optional().build();
        var schema = SchemaBuilder.struct()
                .field("fields", json)
                .field("same", json)
                .field("none", json)
                .build();

        var image = Images.of(new Struct(schema)
                .put("fields", "{\"level\": 3.00000000000000000001}")
                .put("same", "__debezium_unavailable_value"));

        assertThat(JsonMapper.shared().writeValueAsString(image))
                .isEqualTo("{\"fields\":{\"level\": 3.00000000000000000001},"
                        + "\"same\":\"__debezium_unavailable_value\",\"none\":null}");
    }

    @Test
    void json_that_nobody_could_read_back_is_a_text() {
        var schema = SchemaBuilder.struct()
                .field(
                        "fields",
                        SchemaBuilder.string().name("io.debezium.data.Json").build())
                .build();
        for (var json : List.of(
                "[".repeat(600) + "]".repeat(600), "9".repeat(1001), "0." + "9".repeat(1001), "1e99999999999")) {
            assertThat(Images.of(new Struct(schema).put("fields", json))).containsEntry("fields", json);
        }

        var deep = "[".repeat(480) + "]".repeat(480);
        var image = Images.of(new Struct(schema).put("fields", deep));

        assertThat(image).containsEntry("fields", new RawValue(deep));
        var page = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "items", List.of(Map.of("after", Map.of("row", Objects.requireNonNull(image))))));
        assertThat(JsonMapper.shared().readTree(page).has("items")).isTrue();
    }

    private static @Nullable Object value(@Nullable String name, Schema.Type type, @Nullable Object value) {
        var schema = new SchemaBuilder(type).optional();
        return Images.value(name == null ? schema.build() : schema.name(name).build(), value);
    }
}
