package dk.elleve.kit.fingerprint;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The tables of schema `data` as they stand in a database, all rows of each, in the very form in which
/// changes of the rows are sent.
public final class LiveTables {

    private static final int FETCH = 1000;
    private static final int STEP = 10_000;

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
        for (var table : Column.ofTables(reader).entrySet()) {
            found.put(table.getKey(), live.read(table.getKey(), table.getValue()));
        }
        return found;
    }

    private Optional<Fingerprint> read(String table, List<Column> columns) throws SQLException {
        if (!columns.stream().allMatch(Column::isReadable)) {
            return Optional.empty();
        }
        var expressions = columns.stream().map(Column::expression).toList();
        var sum = Fingerprint.EMPTY;
        try (var statement = reader.createStatement()) {
            statement.setFetchSize(FETCH);
            try (var row = statement.executeQuery(
                    "SELECT " + String.join(", ", expressions) + " FROM data." + Column.quote(table))) {
                while (row.next()) {
                    sum = sum.plus(Fingerprint.ofRow(Column.hash(hash, table, columns, row, 1)));
                    if (sum.rows() % STEP == 0) {
                        progress.accept(STEP);
                    }
                }
            }
        }
        progress.accept(sum.rows() % STEP);
        return Optional.of(sum);
    }
}
