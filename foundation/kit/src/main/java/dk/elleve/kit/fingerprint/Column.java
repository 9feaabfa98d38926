package dk.elleve.kit.fingerprint;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A column of a table that is there, and how its values are read in the form in which changes are
/// sent.
///
/// @param type its name; of an enum `text`, of a domain the one below it
/// @param element the type of its elements, if it is an array
/// @param declared its type as it is written in SQL
record Column(String name, String type, @Nullable String element, String declared) {

    /// Types whose text is what a change of the row is sent with.
    private static final Set<String> TEXTS = Set.of(
            "bool", "int2", "int4", "int8", "oid", "text", "varchar", "bpchar", "name", "uuid", "json", "jsonb", "xid8",
            "pg_lsn", "inet", "cidr", "macaddr", "citext");

    /// Types that are read in a form of their own.
    private static final Set<String> OTHERS =
            Set.of("timestamptz", "timestamp", "time", "date", "bytea", "numeric", "float4", "float8");

    /// Types that the engine does not know: their text comes as bytes.
    private static final Set<String> OPAQUE = Set.of("pg_lsn", "xid8");

    /// What the engine writes for values that are no numbers and no days.
    private static final Map<String, String> NO_NUMBERS = Map.of(
            "numeric NaN", "NAN",
            "numeric Infinity", "POSITIVE_INFINITY",
            "numeric -Infinity", "NEGATIVE_INFINITY",
            "timestamp infinity", "9223372036825200000",
            "timestamp -infinity", "-9223372036832400000",
            "date infinity", "-2147472692",
            "date -infinity", "-2147472691");

    /// All columns of each table whose changes should be in the log, in the order of their names:
    /// as hashes want it, not as the server sorts.
    ///
    /// Not from the publication: a table that was taken out of it is one that must be looked at.
    static SortedMap<String, List<Column>> ofTables(Connection reader) throws SQLException {
        var tables = new TreeMap<String, List<Column>>();
        try (var statement = reader.createStatement();
                var row = statement.executeQuery("""
                        SELECT c.relname, a.attname, b.typname,
                               CASE WHEN b.typcategory = 'A' THEN e.typname END, b.typtype = 'e', c.relpersistence = 'p',
                               format_type(a.atttypid, a.atttypmod)
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
                var column = new Column(
                        row.getString(2), row.getBoolean(6) ? type : "unlogged", row.getString(4), row.getString(7));
                tables.computeIfAbsent(row.getString(1), any -> new ArrayList<>())
                        .add(column);
            }
        }
        tables.values().forEach(columns -> columns.sort(Comparator.comparing(Column::name)));
        return tables;
    }

    /// Of a row that is read.
    ///
    /// @param from where the first of the columns is in it
    static byte[] hash(RowHash hash, String table, List<Column> columns, ResultSet row, int from) throws SQLException {
        hash.begin(table);
        for (int i = 0; i < columns.size(); i++) {
            var value = columns.get(i).value(row, from + i);
            if (value != null) {
                hash.put(columns.get(i).name(), value);
            }
        }
        return hash.end();
    }

    boolean isReadable() {
        return TEXTS.contains(type) || OTHERS.contains(type) || (element != null && TEXTS.contains(element));
    }

    String quoted() {
        return quote(name);
    }

    String expression() {
        return expression(quoted());
    }

    /// What is selected, so that reading needs no knowledge of the session's settings.
    ///
    /// @param value a value of this column, in SQL
    String expression(String value) {
        return switch (type) {
            case "bytea" -> value;
            case "time" -> micros(value);
            case "timestamptz", "timestamp" -> finite(value, micros(value));
            case "date" -> finite(value, "(" + value + " - DATE '1970-01-01')::text");
            default ->
                element != null ? value : "CASE WHEN " + value + " IS NOT NULL THEN format('%s', " + value + ") END";
        };
    }

    /// As what a value is taken out of an image in JSON.
    String imageType() {
        return type.equals("bytea") || type.equals("numeric") || OPAQUE.contains(type) ? "text" : declared;
    }

    /// The value that an image means: bytes stand in it as base64.
    ///
    /// @param image as [#imageType]
    String ofImage(String image) {
        var bytes = "decode(" + image + ", 'base64')";
        return switch (type) {
            case "bytea" -> bytes;
            case "numeric" ->
                "CAST(replace(replace(" + image
                        + ", 'POSITIVE_INFINITY', 'Infinity'), 'NEGATIVE_INFINITY', '-Infinity') AS " + declared + ")";
            default -> OPAQUE.contains(type) ? "CAST(convert_from(" + bytes + ", 'UTF8') AS " + declared + ")" : image;
        };
    }

    /// As it stands in the name of a row.
    String name(byte[] value) {
        return type.equals("bytea") || OPAQUE.contains(type)
                ? Base64.getEncoder().encodeToString(value)
                : new String(value, StandardCharsets.UTF_8);
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

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
