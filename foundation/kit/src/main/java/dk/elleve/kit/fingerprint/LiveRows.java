package dk.elleve.kit.fingerprint;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The rows of one table of schema `data` by themselves: beside images of how they should be, or
/// all of them. For one thread; what it sees is what the connection's transaction sees.
public final class LiveRows {

    /// A row that is there.
    ///
    /// @param key the primary key's values joined by commas
    /// @param tenant whose it says it is
    public record Row(String key, @Nullable String tenant, byte[] hash) {}

    /// Hashes of a row as its image has it and as it is.
    ///
    /// @param live absent if there is no such row
    public record Pair(byte[] said, byte @Nullable [] live) {}

    private static final int FETCH = 1000;

    private static final String BESIDE = """
            SELECT looked.is_there, %1$s, %2$s
            FROM unnest(CAST(? AS text[])) WITH ORDINALITY AS given (text, place)
            CROSS JOIN LATERAL (SELECT CAST(given.text AS json)) AS its (image)
            CROSS JOIN LATERAL json_to_record(its.image) AS raw (%3$s)
            CROSS JOIN LATERAL (SELECT %4$s) AS made
            LEFT JOIN data.%5$s AS live ON (%6$s) = (%7$s)
            CROSS JOIN LATERAL (SELECT live.ctid IS NOT NULL) AS looked (is_there)
            CROSS JOIN LATERAL (SELECT %8$s) AS said
            ORDER BY given.place
            """;

    private final Connection reader;
    private final RowHash hash;
    private final String table;
    private final List<Column> columns;
    private final List<Column> key;

    private LiveRows(Connection reader, RowHash hash, String table, List<Column> columns, List<Column> key) {
        this.reader = reader;
        this.hash = hash;
        this.table = table;
        this.columns = columns;
        this.key = key;
    }

    /// @param reader with auto-commit off; otherwise a whole table comes into memory
    /// @return empty if there is no such table, if its rows have no primary key, or if it has a
    /// column whose values cannot be compared
    public static Optional<LiveRows> of(Connection reader, RowHash hash, String table) throws SQLException {
        var columns = Column.ofTables(reader).getOrDefault(table, List.of());
        var key = key(reader, table, columns);
        return key.isEmpty() || !columns.stream().allMatch(Column::isReadable)
                ? Optional.empty()
                : Optional.of(new LiveRows(reader, hash, table, columns, key));
    }

    private static List<Column> key(Connection reader, String table, List<Column> columns) throws SQLException {
        var byName = columns.stream().collect(Collectors.toMap(Column::name, column -> column));
        var key = new ArrayList<Column>();
        try (var query = reader.prepareStatement("""
                SELECT a.attname
                FROM pg_class c
                JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
                CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
                WHERE c.relnamespace = 'data'::regnamespace AND c.relname = ?
                ORDER BY k.place
                """)) {
            query.setString(1, table);
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    var column = byName.get(row.getString(1));
                    if (column != null) {
                        key.add(column);
                    }
                }
            }
        }
        return key;
    }

    /// Puts beside each image the row that has its key. PostgreSQL itself makes a row of the image,
    /// so that both are read in the same way. A column that the image does not know is taken as it
    /// is in the row: it came later.
    ///
    /// @param images rows in JSON: bytes in base64, times in ISO 8601; with their primary keys
    /// @return in the order of the images
    /// @throws SQLException also if a value is none of its column's; then the transaction is good
    /// for nothing until it is rolled back
    public List<Pair> beside(List<String> images) throws SQLException {
        var pairs = new ArrayList<Pair>(images.size());
        try (var query = reader.prepareStatement(BESIDE.formatted(
                list(columns, column -> column.expression("said." + column.quoted())),
                list(columns, column -> column.expression("live." + column.quoted())),
                list(columns, column -> column.quoted() + " " + column.imageType()),
                list(columns, column -> column.ofImage("raw." + column.quoted()) + " AS " + column.quoted()),
                Column.quote(table),
                list(key, column -> "live." + column.quoted()),
                list(key, column -> "made." + column.quoted()),
                list(columns, LiveRows::said)))) {
            query.setArray(1, reader.createArrayOf("text", images.toArray(String[]::new)));
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    pairs.add(new Pair(
                            Column.hash(hash, table, columns, row, 2),
                            row.getBoolean(1) ? Column.hash(hash, table, columns, row, 2 + columns.size()) : null));
                }
            }
        }
        return pairs;
    }

    private static String said(Column column) {
        return "CASE WHEN looked.is_there AND its.image -> " + Column.literal(column.name()) + " IS NULL THEN live."
                + column.quoted() + " ELSE made." + column.quoted() + " END AS " + column.quoted();
    }

    /// All rows in the order of their keys, some at a time.
    public void each(int atATime, Consumer<List<Row>> some) throws SQLException {
        var tenant = columns.stream()
                .filter(column -> column.name().equals("tenant_id"))
                .map(column -> column.expression("live." + column.quoted()))
                .findFirst()
                .orElse("NULL");
        try (var statement = reader.createStatement()) {
            statement.setFetchSize(FETCH);
            try (var row = statement.executeQuery("SELECT " + tenant + ", "
                    + list(key, column -> column.expression("live." + column.quoted())) + ", "
                    + list(columns, column -> column.expression("live." + column.quoted()))
                    + " FROM data." + Column.quote(table) + " AS live ORDER BY "
                    + list(key, column -> "live." + column.quoted()))) {
                var rows = new ArrayList<Row>();
                while (row.next()) {
                    rows.add(new Row(
                            keyOf(row), row.getString(1), Column.hash(hash, table, columns, row, 2 + key.size())));
                    if (rows.size() == atATime) {
                        some.accept(List.copyOf(rows));
                        rows.clear();
                    }
                }
                if (!rows.isEmpty()) {
                    some.accept(rows);
                }
            }
        }
    }

    private String keyOf(ResultSet row) throws SQLException {
        var values = new ArrayList<String>();
        for (int i = 0; i < key.size(); i++) {
            var value = key.get(i).value(row, 2 + i);
            values.add(value == null ? "" : key.get(i).name(value));
        }
        return String.join(",", values);
    }

    private static String list(List<Column> columns, Function<Column, String> each) {
        return columns.stream().map(each).collect(Collectors.joining(", "));
    }
}
