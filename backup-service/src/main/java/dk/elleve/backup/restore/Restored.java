package dk.elleve.backup.restore;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import java.util.Optional;

/// What a restore has done.
///
/// @param landing where it lies
/// @param backup the backup it started from
/// @param walEnd how far its WAL goes
/// @param newestCommit the newest commit in that WAL, which the target may leave out
/// @param stopsAt the moment PostgreSQL itself will stop at; absent when it replays all the WAL it was given
public record Restored(
        Landing landing, String backup, Lsn walEnd, Optional<Instant> newestCommit, Optional<Instant> stopsAt) {}
