package dk.elleve.kit.fingerprint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The tables of schema `data` as they stand in a database, all rows of each, in the very form in which
/// changes of the rows are sent.
public final class LiveTables {

    private static final int FETCH = 1000;
    private static final int STEP = 10_000;

    /// Types whose text is what a change of the row is sent with.
    private static final Set<String> TEXTS = Set.of(
            "bool", "int2", "int4", "int8", "oid", "text", "varchar", "bpchar", "name", "uuid", "json", "jsonb", "xid8",
            "pg_lsn", "inet", "cidr", "macaddr", "citext");

    /// Types that are read in a form of their own.
    private static final Set<String> OTHERS =
            Set.of("timestamptz", "timestamp", "time", "date", "bytea", "numeric", "float4", "float8");

    /// What the engine writes for values that are no numbers and no days.
    private static final Map<String, String> NO_NUMBERS = Map.of(
            "numeric NaN", "NAN",
            "numeric Infinity", "POSITIVE_INFINITY",
            "numeric -Infinity", "NEGATIVE_INFINITY",
            "timestamp infinity", "9223372036825200000",
            "timestamp -infinity", "-9223372036832400000",
            "date infinity", "-2147472692",
            "date -infinity", "-2147472691");

    private record Column(
            String name, String type, @Nullable String element) {

        boolean isReadable() {
            return TEXTS.contains(type) || OTHERS.contains(type) || (element != null && TEXTS.contains(element));
        }

        /// What is selected, so that reading needs no knowledge of the session's settings.
        String expression() {
            var quoted = quote(name);
            return switch (type) {
                case "bytea" -> quoted;
                case "time" -> micros(quoted);
                case "timestamptz", "timestamp" -> finite(quoted, micros(quoted));
                case "date" -> finite(quoted, "(" + quoted + " - DATE '1970-01-01')::text");
                default ->
                    element != null
                            ? quoted
                            : "CASE WHEN " + quoted + " IS NOT NULL THEN format('%s', " + quoted + ") END";
            };
        }

        private static String micros(String moment) {
            return "(extract(epoch FROM " + moment + ") * 1000000)::bigint::text";
        }

        private static String finite(String moment, String otherwise) {
            return "CASE WHEN isfinite(" + moment + ") THEN " + otherwise + " ELSE " + moment + "::text END";
        }

        byte @Nullable [] value(ResultSet row, int index) throws SQLException {
            if (type.equals("bytea")) {
                return row.getBytes(index);
            }
            if (element != null) {
                var array = row.getArray(index);
                return array == null
                        ? null
                        : RowHash.list(Arrays.stream((@Nullable Object[]) array.getArray())
                                .<byte @Nullable []>map(each -> each == null ? null : RowHash.text(element(each)))
                                .toList());
            }
            var text = row.getString(index);
            return text == null
                    ? null
                    : RowHash.text(
                            switch (type) {
                                case "numeric", "timestamp", "date" -> NO_NUMBERS.getOrDefault(type + " " + text, text);
                                case "float4" -> Float.toString(Float.parseFloat(text));
                                case "float8" -> Double.toString(Double.parseDouble(text));
                                default -> text;
                            });
        }

        private static String element(Object value) {
            return value instanceof Boolean yes ? (yes ? "t" : "f") : String.valueOf(value);
        }
    }

    private final Connection reader;
    private final RowHash hash;
    private final LongConsumer progress;

    private LiveTables(Connection reader, RowHash hash, LongConsumer progress) {
        this.reader = reader;
        this.hash = hash;
        this.progress = progress;
    }

    /// Reads every table whose changes should be in the log, as the connection's transaction sees it.
    /// Takes as long as reading them, and memory for some thousand rows.
    ///
    /// @param reader with auto-commit off; otherwise whole tables come into memory
    /// @param progress is told, now and then, how many rows were read since it was last told
    /// @return by name; empty for a table that has a column whose values cannot be compared
    public static Map<String, Optional<Fingerprint>> read(Connection reader, RowHash hash, LongConsumer progress)
            throws SQLException {
        var live = new LiveTables(reader, hash, progress);
        var found = new LinkedHashMap<String, Optional<Fingerprint>>();
        for (var table : live.tables().entrySet()) {
            found.put(table.getKey(), live.read(table.getKey(), table.getValue()));
        }
        return found;
    }

    /// Not from the publication: a table that was taken out of it is one that must be looked at.
    private SortedMap<String, List<Column>> tables() throws SQLException {
        var tables = new TreeMap<String, List<Column>>();
        try (var statement = reader.createStatement();
                var row = statement.executeQuery("""
                        SELECT c.relname, a.attname, b.typname,
                               CASE WHEN b.typcategory = 'A' THEN e.typname END, b.typtype = 'e', c.relpersistence = 'p'
                        FROM pg_class c
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                                               AND a.attgenerated <> 'v'
                        JOIN pg_type t ON t.oid = a.atttypid
                        JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
                        LEFT JOIN pg_type e ON e.oid = b.typelem
                        WHERE c.relnamespace = 'data'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
                        ORDER BY c.relname
                        """)) {
            while (row.next()) {
                var type = row.getBoolean(5) ? "text" : row.getString(3);
                // What is not logged to the WAL cannot be captured.
                var column = new Column(row.getString(2), row.getBoolean(6) ? type : "unlogged", row.getString(4));
                tables.computeIfAbsent(row.getString(1), any -> new ArrayList<>())
                        .add(column);
            }
        }
        return tables;
    }

    private Optional<Fingerprint> read(String table, List<Column> columns) throws SQLException {
        if (!columns.stream().allMatch(Column::isReadable)) {
            return Optional.empty();
        }
        columns.sort(Comparator.comparing(Column::name)); // as hashes want it, not as the server sorts
        var expressions = columns.stream().map(Column::expression).toList();
        var sum = Fingerprint.EMPTY;
        try (var statement = reader.createStatement()) {
            statement.setFetchSize(FETCH);
            try (var row =
                    statement.executeQuery("SELECT " + String.join(", ", expressions) + " FROM data." + quote(table))) {
                while (row.next()) {
                    sum = sum.plus(Fingerprint.ofRow(hash(table, columns, row)));
                    if (sum.rows() % STEP == 0) {
                        progress.accept(STEP);
                    }
                }
            }
        }
        progress.accept(sum.rows() % STEP);
        return Optional.of(sum);
    }

    private byte[] hash(String table, List<Column> columns, ResultSet row) throws SQLException {
        hash.begin(table);
        for (int i = 0; i < columns.size(); i++) {
            var value = columns.get(i).value(row, i + 1);
            if (value != null) {
                hash.put(columns.get(i).name(), value);
            }
        }
        return hash.end();
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
