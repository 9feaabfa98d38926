package dk.elleve.audit.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What PostgreSQL itself says was committed to `data.item`, in commit order: read from a slot of its own with the
/// pgoutput protocol (version 1), by none of the code under test.
final class Truth {

    static final String SLOT = "truth";

    private final List<String> lines = new ArrayList<>();
    private final Map<Long, Integer> rowsOf = new HashMap<>();
    private final Map<Integer, String> tables = new HashMap<>();
    private long transaction;

    private Truth() {}

    static void begin(Connection source) throws SQLException {
        try (var statement = source.createStatement()) {
            statement.execute("SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
        }
    }

    static Truth read(Connection source) throws SQLException {
        var truth = new Truth();
        source.setAutoCommit(false);
        try (var statement = source.createStatement()) {
            statement.setFetchSize(1000);
            try (var rows = statement.executeQuery("""
                    SELECT data FROM pg_logical_slot_get_binary_changes(
                        'truth', NULL, NULL, 'proto_version', '1', 'publication_names', 'audit_pub')
                    """)) {
                while (rows.next()) {
                    truth.take(ByteBuffer.wrap(rows.getBytes(1)));
                }
            }
        }
        source.rollback();
        return truth;
    }

    /// One line a row: transaction, what happened, which row, its note before and after.
    List<String> lines() {
        return lines;
    }

    /// How many rows each transaction changed; those that changed none are not in it.
    Map<Long, Integer> rowsOf() {
        return rowsOf;
    }

    static String line(long transaction, String kind, String key, @Nullable Object before, @Nullable Object after) {
        return transaction + " " + kind + " " + key + " " + before + " -> " + after;
    }

    private void take(ByteBuffer message) {
        switch (message.get()) {
            case 'B' -> {
                message.getLong();
                message.getLong();
                transaction = Integer.toUnsignedLong(message.getInt());
            }
            case 'R' -> {
                int relation = message.getInt();
                text(message);
                tables.put(relation, text(message));
            }
            case 'I' -> {
                if (isItem(message)) {
                    message.get();
                    var after = tuple(message);
                    add("insert", key(after), null, after.get(2));
                }
            }
            case 'U' -> {
                if (isItem(message)) {
                    message.get();
                    var before = tuple(message);
                    message.get();
                    var after = tuple(message);
                    add("update", key(after), before.get(2), after.get(2));
                }
            }
            case 'D' -> {
                if (isItem(message)) {
                    message.get();
                    var before = tuple(message);
                    add("delete", key(before), before.get(2), null);
                }
            }
            default -> {}
        }
    }

    private void add(String kind, String key, @Nullable String before, @Nullable String after) {
        lines.add(line(transaction, kind, key, before, after));
        rowsOf.merge(transaction, 1, Integer::sum);
    }

    private boolean isItem(ByteBuffer message) {
        return "item".equals(tables.get(message.getInt()));
    }

    private static String key(List<@Nullable String> row) {
        return row.get(0) + "," + row.get(1);
    }

    private static List<@Nullable String> tuple(ByteBuffer message) {
        int columns = message.getShort();
        var values = new ArrayList<@Nullable String>(columns);
        for (int i = 0; i < columns; i++) {
            switch (message.get()) {
                case 'n' -> values.add(null);
                case 't' -> {
                    var bytes = new byte[message.getInt()];
                    message.get(bytes);
                    values.add(new String(bytes, StandardCharsets.UTF_8));
                }
                default -> throw new AssertionError("A value that is not there in full");
            }
        }
        return values;
    }

    private static String text(ByteBuffer message) {
        var bytes = new StringBuilder();
        for (byte b = message.get(); b != 0; b = message.get()) {
            bytes.append((char) b);
        }
        return bytes.toString();
    }
}
