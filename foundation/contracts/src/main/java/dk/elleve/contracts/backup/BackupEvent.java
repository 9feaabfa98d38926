package dk.elleve.contracts.backup;

import dk.elleve.contracts.Event;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Outcomes, on `backup.runs.v1`, keyed by cluster.
public sealed interface BackupEvent extends Event {

    String cluster();

    /// @param kind `full` or `incremental`
    /// @param bytesRead bytes the server sent
    /// @param bytesStored bytes that lie in blob storage
    record BackupCompleted(
            String cluster,
            String backup,
            String kind,
            Instant startedAt,
            Instant completedAt,
            long bytesRead,
            long bytesStored)
            implements BackupEvent {}

    record BackupFailed(String cluster, String backup, String kind, Instant failedAt, String reason)
            implements BackupEvent {}

    /// A hole in the shipped WAL: no point in time inside it can be restored.
    record WalGapFound(String cluster, String fromLsn, String toLsn, Instant foundAt, String reason)
            implements BackupEvent {}

    /// @param recoveryTime from the order to a database that answers
    /// @param recoveryPoint age of the newest change that came back
    record DrillFinished(
            String cluster,
            String drill,
            boolean passed,
            Instant finishedAt,
            @Nullable Duration recoveryTime,
            @Nullable Duration recoveryPoint,
            String restoredTo,
            @Nullable String reason)
            implements BackupEvent {}
}
