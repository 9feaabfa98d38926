package dk.elleve.backup.plan;

import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wire.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Decides whether a full backup is due, and why.
final class Due {

    private Due() {}

    /// @param newest the newest complete full backup
    /// @param gaps WAL that was lost
    static Optional<String> cause(Instant now, @Nullable Run newest, List<Gap> gaps, Duration every) {
        if (newest == null || newest.startedAt() == null || newest.start() == null) {
            return Optional.of("first");
        }
        var start = Lsn.parse(newest.start());
        // From a backup before a gap nothing newer than the gap can be reached.
        if (gaps.stream().anyMatch(gap -> start.isBefore(Lsn.parse(gap.to())))) {
            return Optional.of("after-gap");
        }
        return newest.startedAt().plus(every).isAfter(now) ? Optional.empty() : Optional.of("scheduled");
    }
}
