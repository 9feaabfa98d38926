package dk.elleve.audit.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/// Records in the shape in which the engine hands them over.
final class Records {

    static final long COMMITTED_MICROS = 1_772_355_600_000_123L; // 2026-03-01T09:00:00.000123Z

    private static final Schema BOUNDARY = SchemaBuilder.struct()
            .field("status", Schema.STRING_SCHEMA)
            .field("id", Schema.STRING_SCHEMA)
            .build();
    private static final Schema ROW = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("note", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("table", Schema.OPTIONAL_STRING_SCHEMA)
            .field("txId", Schema.OPTIONAL_INT64_SCHEMA)
            .field("lsn", Schema.OPTIONAL_INT64_SCHEMA)
            .field("ts_ms", Schema.INT64_SCHEMA)
            .field("ts_us", Schema.OPTIONAL_INT64_SCHEMA)
            .build();
    private static final Schema CHANGE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("before", ROW)
            .field("after", ROW)
            .field("source", SOURCE)
            .build();
    private static final Schema CONTENT = SchemaBuilder.struct()
            .field("prefix", Schema.STRING_SCHEMA)
            .field("content", Schema.BYTES_SCHEMA)
            .build();
    private static final Schema MESSAGE = SchemaBuilder.struct()
            .field("op", Schema.STRING_SCHEMA)
            .field("message", CONTENT)
            .field("source", SOURCE)
            .build();

    private Records() {}

    static SourceRecord begin(long transaction) {
        return boundary("BEGIN", transaction + ":1");
    }

    static SourceRecord end(long transaction, long lsn) {
        return boundary("END", transaction + ":" + lsn);
    }

    private static SourceRecord boundary(String status, String id) {
        return record(null, new Struct(BOUNDARY).put("status", status).put("id", id));
    }

    static SourceRecord insert(long id, @Nullable String note) {
        return change("c", id, null, row(id, note));
    }

    static SourceRecord update(long id, String before, String after) {
        return change("u", id, row(id, before), row(id, after));
    }

    static SourceRecord delete(long id, String note) {
        return change("d", id, row(id, note), null);
    }

    static SourceRecord truncate() {
        return record(null, new Struct(CHANGE).put("op", "t").put("source", source(7L)));
    }

    static SourceRecord leaving(long id, String note) {
        var leaving = delete(id, note);
        leaving.headers().addString("__debezium.newkey", "x");
        return leaving;
    }

    static SourceRecord arriving(long id, String note) {
        var arriving = insert(id, note);
        arriving.headers().addString("__debezium.oldkey", "x");
        return arriving;
    }

    static SourceRecord message(String prefix, String content) {
        return message(prefix, content, 7L);
    }

    /// @param transaction absent for a message that belongs to none
    static SourceRecord message(String prefix, String content, @Nullable Long transaction) {
        return record(
                null,
                new Struct(MESSAGE)
                        .put("op", "m")
                        .put(
                                "message",
                                new Struct(CONTENT)
                                        .put("prefix", prefix)
                                        .put("content", ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))))
                        .put("source", source(transaction)));
    }

    private static SourceRecord change(String op, long id, @Nullable Struct before, @Nullable Struct after) {
        return record(
                new Struct(KEY).put("id", id),
                new Struct(CHANGE)
                        .put("op", op)
                        .put("before", before)
                        .put("after", after)
                        .put("source", source(7L)));
    }

    private static Struct row(long id, @Nullable String note) {
        return new Struct(ROW).put("id", id).put("note", note);
    }

    private static Struct source(@Nullable Long transaction) {
        return new Struct(SOURCE)
                .put("table", "item")
                .put("txId", transaction)
                .put("lsn", 99L)
                .put("ts_ms", COMMITTED_MICROS / 1000)
                .put("ts_us", COMMITTED_MICROS);
    }

    private static SourceRecord record(@Nullable Struct key, Struct value) {
        return new SourceRecord(
                Map.of(), Map.of(), "t", null, key == null ? null : key.schema(), key, value.schema(), value);
    }
}
