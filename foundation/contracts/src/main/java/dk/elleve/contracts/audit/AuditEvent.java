package dk.elleve.contracts.audit;

import dk.elleve.contracts.Event;
import java.time.Instant;

/// What audit-service says on `audit.checkpoints.v1`, keyed by log.
public sealed interface AuditEvent extends Event {

    /// @param origin the log's name, first line of the checkpoint
    /// @param size number of entries
    /// @param checkpoint the whole signed note (C2SP tlog-checkpoint)
    record CheckpointPublished(String origin, long size, String checkpoint, Instant at) implements AuditEvent {}
}
