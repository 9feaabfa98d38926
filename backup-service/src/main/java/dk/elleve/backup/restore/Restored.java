package dk.elleve.backup.restore;

import dk.elleve.backup.erasure.Erasure;
import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a restore has done.
///
/// @param landing where it lies
/// @param backup the backup it started from
/// @param walEnd how far its WAL goes
/// @param newestCommit the newest commit in that WAL, which the target may leave out
/// @param stopsAt the moment PostgreSQL itself will stop at; absent when it replays all the WAL it was given
/// @param erasures what it may have brought back: unless there are none, nobody can sign in until
///     [ErasureReplay] has run
public record Restored(
        Landing landing,
        String backup,
        Lsn walEnd,
        Optional<Instant> newestCommit,
        Optional<Instant> stopsAt,
        List<Erasure> erasures) {

    public Restored {
        erasures = List.copyOf(erasures);
    }
}
