package dk.elleve.audit.capture;

import dk.elleve.kit.attribution.Attribution;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// Puts the records of a stream together to whole transactions. For one stream, from its beginning.
final class Collector implements AutoCloseable {

    static final String HEARTBEAT = "audit.heartbeat";

    private static final String SESSION = "audit.session";
    private static final String NEW_KEY = "__debezium.newkey";
    private static final String OLD_KEY = "__debezium.oldkey";
    private static final List<String> SESSION_FIELDS = List.of("role", "application", "address", "pid");
    private static final int LONGEST = 64; // a role's and an application's name are no longer
    private static final TypeReference<Map<String, @Nullable String>> TEXTS = new TypeReference<>() {};

    /// What a record brought about.
    sealed interface Step {}

    /// A transaction is whole.
    record Whole(RowTransaction transaction) implements Step {}

    /// The stream has come to this position, and no transaction is open.
    record Alive(long lsn) implements Step {}

    record Nothing() implements Step {}

    private static final Nothing NOTHING = new Nothing();

    private final JsonMapper json;
    private final ChangeHash hash;
    private @Nullable Open open;

    Collector(JsonMapper json, ChangeHash hash) {
        this.json = json;
        this.hash = hash;
    }

    private static final class Open {
        final long id;
        final Changes changes;
        final List<String> attributions = new ArrayList<>();
        final Map<String, String> session = new LinkedHashMap<>();
        final Footprint footprint = new Footprint();

        @Nullable RowChange leaving;

        long order;

        Open(long id, Changes changes) {
            this.id = id;
            this.changes = changes;
        }
    }

    Step accept(SourceRecord sourceRecord) {
        if (!(sourceRecord.value() instanceof Struct value)) {
            return NOTHING;
        }
        if (value.schema().field("status") != null && value.schema().field("op") == null) {
            return boundary(value);
        }
        if (value.schema().field("op") == null) {
            return NOTHING; // the engine's own heartbeat: it may stand between the rows of a transaction
        }
        if ("m".equals(value.getString("op"))) {
            return message(value);
        }
        row(sourceRecord, value);
        return NOTHING;
    }

    private Step boundary(Struct value) {
        var id = value.getString("id").split(":");
        if (value.getString("status").equals("BEGIN")) {
            if (open != null) {
                throw new IllegalStateException("A transaction began inside another: " + value.getString("id"));
            }
            open = new Open(Long.parseLong(id[0]), new Changes(json));
            return NOTHING;
        }
        var ended = open;
        if (ended == null || ended.id != Long.parseLong(id[0]) || ended.leaving != null) {
            throw new IllegalStateException("A transaction ended that is not whole: " + value.getString("id"));
        }
        open = null;
        return new Whole(new RowTransaction(
                ended.id, Long.parseLong(id[1]), ended.changes, ended.attributions, ended.session, ended.footprint));
    }

    private Step message(Struct value) {
        var message = value.getStruct("message");
        var prefix = message.getString("prefix");
        var source = value.getStruct("source");
        if (source.getInt64("txId") == null) {
            // Not part of any transaction, so it vouches for none.
            return prefix.equals(HEARTBEAT) && open == null ? new Alive(source.getInt64("lsn")) : NOTHING;
        }
        if (open == null) {
            throw new IllegalStateException("A message of a transaction came outside of it");
        }
        var content = text(message.get("content"));
        switch (prefix) {
            case Attribution.PREFIX -> open.attributions.add(content);
            case SESSION ->
                session(content).forEach((field, told) -> open.session.merge(field, told, Collector::either));
            default -> {}
        }
        return NOTHING;
    }

    /// Whoever may emit messages may emit this one too, so it is read with suspicion and never trusted: what does not
    /// look like the trigger's is nothing.
    private Map<String, String> session(String content) {
        try {
            var told = new LinkedHashMap<String, String>();
            Map<String, @Nullable String> read = json.readValue(content, TEXTS);
            if (read != null) {
                read.forEach((name, value) -> {
                    if (value != null && SESSION_FIELDS.contains(name)) {
                        told.put(name, value.length() > LONGEST ? value.substring(0, LONGEST) : value);
                    }
                });
            }
            return told;
        } catch (JacksonException notOurs) {
            return Map.of();
        }
    }

    /// The trigger speaks once. If another message says otherwise, both stand.
    private static String either(String one, String other) {
        return one.equals(other) ? one : one + " or " + other;
    }

    /// Lets go of a transaction that did not end.
    @Override
    public void close() {
        if (open != null) {
            open.changes.close();
            open = null;
        }
    }

    private void row(SourceRecord sourceRecord, Struct value) {
        var transaction = open;
        if (transaction == null) {
            throw new IllegalStateException("A row came outside of a transaction");
        }
        var source = value.getStruct("source");
        var operation = switch (value.getString("op")) {
            case "c", "r" -> RowChange.Operation.INSERT;
            case "u" -> RowChange.Operation.UPDATE;
            case "d" -> RowChange.Operation.DELETE;
            case "t" -> RowChange.Operation.TRUNCATE;
            case String other -> throw new IllegalStateException("No row change is called " + other);
        };
        var before = value.schema().field("before") == null ? null : value.getStruct("before");
        var after = value.schema().field("after") == null ? null : value.getStruct("after");
        var change = new RowChange(
                operation,
                source.getString("table"),
                key(sourceRecord),
                Images.of(before),
                Images.of(after),
                committed(source),
                ++transaction.order);
        leave(transaction.footprint, change, before, after);
        // A changed primary key comes as a row that leaves and a row that arrives: one update for us.
        var leaving = transaction.leaving;
        if (leaving != null) {
            if (operation != RowChange.Operation.INSERT
                    || sourceRecord.headers().lastWithName(OLD_KEY) == null
                    || !leaving.table().equals(change.table())) {
                throw new IllegalStateException("A row left for another key and did not arrive");
            }
            transaction.leaving = null;
            transaction.changes.add(new RowChange(
                    RowChange.Operation.UPDATE,
                    change.table(),
                    change.key(),
                    leaving.before(),
                    change.after(),
                    change.committed(),
                    change.order()));
        } else if (operation == RowChange.Operation.DELETE
                && sourceRecord.headers().lastWithName(NEW_KEY) != null) {
            transaction.leaving = change;
        } else {
            transaction.changes.add(change);
        }
    }

    private void leave(Footprint footprint, RowChange change, @Nullable Struct before, @Nullable Struct after) {
        if (change.operation() == RowChange.Operation.TRUNCATE) {
            footprint.emptied(change.table());
        }
        if (before != null) {
            footprint.went(change.table(), hash.of(change.table(), before));
        }
        if (after != null) {
            footprint.came(change.table(), hash.of(change.table(), after));
        }
        if (change.table().equals(Ledger.DDL_TABLE) && change.operation() == RowChange.Operation.INSERT) {
            var restructuring = Restructuring.of(
                    String.valueOf(change.value("tag")),
                    change.value("object_type") instanceof String type ? type : null,
                    change.value("object") instanceof String object ? object : null);
            restructuring.ifPresent(each -> {
                switch (each) {
                    case Restructuring.OfTable(var table) -> footprint.restructured(table);
                    case Restructuring.OfAnything anything -> footprint.everythingRestructured();
                }
            });
        }
    }

    private static Instant committed(Struct source) {
        long micros = Optional.ofNullable(source.schema().field("ts_us") == null ? null : source.getInt64("ts_us"))
                .orElseGet(() -> source.getInt64("ts_ms") * 1000);
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    private static String key(SourceRecord sourceRecord) {
        if (!(sourceRecord.key() instanceof Struct key)) {
            return "";
        }
        var values = new ArrayList<String>();
        key.schema()
                .fields()
                .forEach(field -> values.add(String.valueOf(Images.value(field.schema(), key.get(field)))));
        return String.join(",", values);
    }

    private static String text(@Nullable Object content) {
        return switch (content) {
            case null -> "";
            case ByteBuffer bytes ->
                StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
            case byte[] bytes -> new String(bytes, StandardCharsets.UTF_8);
            default -> String.valueOf(content);
        };
    }
}
