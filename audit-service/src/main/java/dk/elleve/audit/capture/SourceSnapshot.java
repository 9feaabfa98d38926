package dk.elleve.audit.capture;

import dk.elleve.audit.capture.Comparison.Live;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/// The tables of a source exactly as they were at one position of its WAL: the transactions that committed before it
/// are
/// in them and no other. Only the making of a replication slot gives both at once; a plain snapshot sees transactions
/// in
/// another order than the WAL has them. The slot is gone as soon as the snapshot is taken.
final class SourceSnapshot implements AutoCloseable {

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
    private final long position;

    private SourceSnapshot(Connection reader, long position) {
        this.reader = reader;
        this.position = position;
    }

    /// @param patience how long transactions that are open now may take to end: before that there is no position
    /// @throws SQLException also when they take longer
    static SourceSnapshot open(SourceDatabase database, Duration patience) throws SQLException {
        var name = "compare_" + database.name() + "_"
                + HexFormat.of().toHexDigits(RandomGenerator.getDefault().nextInt());
        try (var replication = database.connect(true, patience);
                var statement = replication.createStatement();
                var slot = statement.executeQuery(
                        "CREATE_REPLICATION_SLOT " + quote(name) + " TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')")) {
            slot.next();
            long position = LogSequenceNumber.valueOf(slot.getString("consistent_point"))
                    .asLong();
            var reader = database.connect(false, patience);
            try {
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                reader.setReadOnly(true);
                reader.setAutoCommit(false);
                try (var take = reader.createStatement()) {
                    take.execute("SET TRANSACTION SNAPSHOT '" + slot.getString("snapshot_name") + "'");
                }
            } catch (SQLException e) {
                reader.close();
                throw e;
            }
            return new SourceSnapshot(reader, position);
        }
    }

    long position() {
        return position;
    }

    /// Reads every table whose changes should be in the log, all rows of it.
    ///
    /// @param progress is told, now and then, how many rows were read since it was last told
    Map<String, Live> read(RowHash hash, LongConsumer progress) throws SQLException {
        var found = new LinkedHashMap<String, Live>();
        for (var table : tables().entrySet()) {
            found.put(table.getKey(), read(table.getKey(), table.getValue(), hash, progress));
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
                        ORDER BY c.relname, a.attname
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

    private Live read(String table, List<Column> columns, RowHash hash, LongConsumer progress) throws SQLException {
        if (!columns.stream().allMatch(Column::isReadable)) {
            return new Comparison.Unreadable();
        }
        var expressions = columns.stream().map(Column::expression).toList();
        var sum = Fingerprint.EMPTY;
        try (var statement = reader.createStatement()) {
            statement.setFetchSize(FETCH);
            try (var row =
                    statement.executeQuery("SELECT " + String.join(", ", expressions) + " FROM data." + quote(table))) {
                while (row.next()) {
                    var values = new TreeMap<String, byte[]>();
                    for (int i = 0; i < columns.size(); i++) {
                        var value = columns.get(i).value(row, i + 1);
                        if (value != null) {
                            values.put(columns.get(i).name(), value);
                        }
                    }
                    sum = sum.plus(Fingerprint.ofRow(hash.of(table, values)));
                    if (sum.rows() % STEP == 0) {
                        progress.accept(STEP);
                    }
                }
            }
        }
        progress.accept(sum.rows() % STEP);
        return new Comparison.Rows(sum);
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() throws SQLException {
        reader.rollback();
        reader.close();
    }
}
