package dk.elleve.backup.drill;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is in a cluster: of every table the number of its rows and a digest that does not depend on their
/// order.
///
/// @param tables `database.schema.table` to `rows digest`
record Content(Map<String, String> tables) {

    Content {
        tables = Map.copyOf(tables);
    }

    /// Reads one database as the connection's transaction sees it.
    static Map<String, String> of(String database, Connection connection) throws SQLException {
        var names = new ArrayList<String>();
        try (var statement = connection.createStatement()) {
            // A row that a policy hides would be missing on both sides: better to fail than to compare less.
            statement.execute("SET LOCAL row_security = off");
            statement.execute("SET LOCAL search_path = pg_catalog");
            try (var rows = statement.executeQuery("""
                    SELECT format('%I.%I', n.nspname, c.relname)
                    FROM pg_class c
                    JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind = 'r'
                      AND c.relpersistence = 'p'
                      AND n.nspname NOT IN ('pg_catalog', 'information_schema')
                    ORDER BY 1
                    """)) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            var content = new TreeMap<String, String>();
            for (var name : names) {
                try (var rows = statement.executeQuery(
                        "SELECT count(*), coalesce(sum(hashtextextended(each_row::text, 0)::numeric), 0)"
                                + " FROM ONLY " + name + " each_row")) {
                    rows.next();
                    content.put(database + "." + name, rows.getLong(1) + " " + rows.getString(2));
                }
            }
            return content;
        }
    }

    long rows() {
        return tables.values().stream()
                .mapToLong(value -> Long.parseLong(value.substring(0, value.indexOf(' '))))
                .sum();
    }

    /// Names of tables that are not the same here and there.
    List<String> differences(Content other) {
        var names = new TreeMap<>(tables);
        names.putAll(other.tables);
        return names.keySet().stream()
                .filter(name -> !tables.getOrDefault(name, "").equals(other.tables.getOrDefault(name, "")))
                .toList();
    }
}
