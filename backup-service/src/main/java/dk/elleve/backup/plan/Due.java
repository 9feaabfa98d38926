package dk.elleve.backup.plan;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.wal.Gap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/// A backup that is due, and why.
///
/// @param kind `full` or `incremental`
/// @param cause `first`, `after-gap` or `scheduled`
record Due(String kind, String cause) {

    /// @param full the newest complete full backup
    /// @param newest the newest complete backup of either kind
    /// @param gaps WAL that was lost
    /// @param fullEvery a full one is due when the newest is so old
    /// @param incrementalAt when incremental ones are due, in UTC; a moment that was missed is made up
    ///     for at once
    static Optional<Due> at(
            Instant now,
            @Nullable Run full,
            @Nullable Run newest,
            List<Gap> gaps,
            Duration fullEvery,
            CronExpression incrementalAt) {
        if (full == null || full.startedAt() == null || newest == null) {
            return Optional.of(new Due(Manifest.FULL, "first"));
        }
        if (!full.startedAt().plus(fullEvery).isAfter(now)) {
            return Optional.of(new Due(Manifest.FULL, "scheduled"));
        }
        // From a backup before a gap nothing newer than the gap can be reached. An incremental one bridges
        // it as well as a full one: it holds every block as it is now.
        if (!gaps.stream().allMatch(newest::isAfter)) {
            return Optional.of(new Due(Manifest.INCREMENTAL, "after-gap"));
        }
        var begun = newest.startedAt() == null ? newest.requestedAt() : newest.startedAt();
        var next = incrementalAt.next(begun.atZone(ZoneOffset.UTC));
        return next == null || next.toInstant().isAfter(now)
                ? Optional.empty()
                : Optional.of(new Due(Manifest.INCREMENTAL, "scheduled"));
    }
}
