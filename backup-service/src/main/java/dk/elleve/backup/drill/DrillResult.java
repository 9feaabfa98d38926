package dk.elleve.backup.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a drill that passed has measured.
///
/// @param tables how many were compared
/// @param records how many rows they hold
/// @param notComparable how many tables the log can say nothing of
/// @param logs the audit logs that came back and are what was signed; null when that was not looked
///     at
/// @param erased what was erased since that moment, found in the copy and erased there again
record DrillResult(
        ComparedWith comparedWith,
        String backup,
        String position,
        Instant restoredTo,
        Duration recoveryTime,
        Duration recoveryPoint,
        int tables,
        long records,
        int notComparable,
        @Nullable List<ProvenLog> logs,
        List<Erased> erased) {

    DrillResult {
        logs = logs == null ? null : List.copyOf(logs);
        erased = List.copyOf(erased);
    }

    /// @param proven whether the copy is of a moment before the erasure, and what it held of the tenant is sealed
    ///     by a key that is gone
    record Erased(String erasure, long records, boolean proven) {}

    long recordsErased() {
        return erased.stream().mapToLong(Erased::records).sum();
    }
}
