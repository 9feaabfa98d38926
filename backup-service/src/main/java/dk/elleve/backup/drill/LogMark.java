package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.contracts.audit.TallyEvent.Table;
import java.time.Instant;
import java.util.List;

/// What databases must hold at a moment by the log of their changes.
///
/// @param timeline on which the position was: after a failover the same number may be another
///     moment
record LogMark(int timeline, Lsn position, Instant takenAt, List<Database> databases) implements Moment {

    LogMark {
        databases = List.copyOf(databases);
    }

    /// A moment's place in the log of a cluster.
    record At(int timeline, Lsn position) {}

    /// @param complete whether a table that is not listed has no rows; otherwise nothing is known
    ///     of it
    /// @param tables those of schema `data`
    record Database(String name, boolean complete, List<Table> tables) {

        Database {
            tables = List.copyOf(tables);
        }
    }
}
