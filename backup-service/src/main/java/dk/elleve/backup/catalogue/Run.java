package dk.elleve.backup.catalogue;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wal.Gap;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One run of a backup.
///
/// @param cause why it was asked for: `requested`, `first`, `scheduled`, `after-gap` or
///     `found-in-vault`
/// @param kind `full` or `incremental`
/// @param bytesRead size of what the server sent
/// @param bytesStored size of what lies in the vault
/// @param base the full backup in whose packs the unchanged blocks of an incremental one lie
/// @param blocks blocks of all files …
/// @param stored … and those of them that lie in the backup's own packs
/// @param damages pages that were wrong on the server when it was taken
/// @param manifest SHA-256 of the manifest, in hexadecimal
/// @param attempts how often the run was begun
/// @param start WAL is needed from here …
/// @param end … to here, at least
/// @param reason why it failed, or why it was broken off before it goes on
public record Run(
        String id,
        String cluster,
        String kind,
        State state,
        String cause,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Long bytesRead,
        @Nullable Long bytesStored,
        @Nullable String base,
        @Nullable Long blocks,
        @Nullable Long stored,
        int damages,
        @Nullable String manifest,
        int attempts,
        @Nullable String start,
        @Nullable String end,
        @Nullable String reason) {

    /// Whether a restore from this backup needs nothing of what was lost: it began after the loss was
    /// found. By time, since a cluster that fails over, or is restored, begins again at lower positions.
    public boolean isAfter(Gap gap) {
        return startedAt != null && gap.foundAt().isBefore(startedAt);
    }

    public enum State {
        QUEUED,
        RUNNING,
        COMPLETED,
        FAILED,
        EXPIRED,
        DAMAGED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isFull() {
        return kind.equals(Manifest.FULL);
    }
}
