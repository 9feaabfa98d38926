package dk.elleve.backup.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A restore that was tried.
///
/// @param cluster system identifier of the cluster
/// @param cause `requested`, `scheduled`, or `erasure`: to show that a tenant that was erased
///     cannot be read
/// @param comparedWith what the rows are compared with
/// @param starts how often a process has taken it up: each but the last has died at it
/// @param backup the backup it started from
/// @param position the WAL position at which both sides were compared
/// @param restoredTo the newest commit that came back
/// @param recoveryTime from the order to a database that answers
/// @param recoveryPoint how much work would have been lost if the cluster had burned down at the
///     drill's start
/// @param tables how many tables were compared
/// @param records how many rows they hold
/// @param notComparable how many tables the log can say nothing of; null where that was not counted
/// @param logs the audit logs that came back and are what was signed; null when that was not looked
///     at
/// @param erasures how many erasures since that moment were done again in the copy …
/// @param recordsErased … and how many records had come back and went
/// @param reason why it failed
record DrillRecord(
        String id,
        String cluster,
        State state,
        String cause,
        ComparedWith comparedWith,
        Instant requestedAt,
        int starts,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String backup,
        @Nullable String position,
        @Nullable Instant restoredTo,
        @Nullable Duration recoveryTime,
        @Nullable Duration recoveryPoint,
        @Nullable Integer tables,
        @Nullable Long records,
        @Nullable Integer notComparable,
        @Nullable List<ProvenLog> logs,
        @Nullable Integer erasures,
        @Nullable Long recordsErased,
        @Nullable String reason) {

    enum State {
        QUEUED,
        RUNNING,
        PASSED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether it is a proof still.
    ///
    /// @param limit how old a proof may be
    boolean proves(Instant now, Duration limit) {
        return state == State.PASSED
                && finishedAt != null
                && !finishedAt.plus(limit).isBefore(now);
    }
}
