package dk.elleve.backup.drill;

import dk.elleve.contracts.audit.TallyEvent.Table;
import java.time.Instant;
import java.util.List;

/// What databases must hold at a moment by the log of their changes.
record LogMark(At at, Instant takenAt, List<Database> databases) implements Moment {

    LogMark {
        databases = List.copyOf(databases);
    }

    /// @param complete whether a table that is not listed has no rows; otherwise nothing is known
    ///     of it
    /// @param tables those of schema `data`
    record Database(String name, boolean complete, List<Table> tables) {

        Database {
            tables = List.copyOf(tables);
        }
    }
}
