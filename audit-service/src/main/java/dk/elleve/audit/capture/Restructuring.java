package dk.elleve.audit.capture;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which changes of structure may change rows that no change of rows is sent for: a column that gets a value or goes, a
/// type that is rewritten. No I/O.
sealed interface Restructuring {

    /// The rows of this table.
    record OfTable(String table) implements Restructuring {}

    /// Those of any table: a type or a schema changed beneath them.
    record OfAnything() implements Restructuring {}

    Set<String> BENEATH = Set.of(
            "ALTER TYPE",
            "ALTER DOMAIN",
            "DROP TYPE",
            "DROP DOMAIN",
            "DROP SCHEMA",
            "DROP EXTENSION",
            "DROP OWNED",
            "ALTER EXTENSION");

    /// Of one row of the log of structure changes.
    ///
    /// @param object the object's identity as PostgreSQL writes it: `data.item`, `data.item.note`
    static Optional<Restructuring> of(String tag, @Nullable String objectType, @Nullable String object) {
        if (BENEATH.contains(tag.toUpperCase(Locale.ROOT))) {
            return Optional.of(new OfAnything());
        }
        if (!tag.equals("ALTER TABLE") && !tag.equals("DROP TABLE")) {
            return Optional.empty();
        }
        // A statement may change a table and what hangs on it: of a trigger or an index no row depends.
        return switch (objectType) {
            case "table", "table column" -> Optional.of(table(object));
            case null -> Optional.of(new OfAnything());
            default -> Optional.empty();
        };
    }

    private static Restructuring table(@Nullable String object) {
        // A name that had to be quoted could hold a dot: then nothing is concluded from it.
        var parts = object == null || object.contains("\"") ? new String[0] : object.split("\\.");
        return parts.length >= 2 ? new OfTable(parts[1]) : new OfAnything();
    }
}
