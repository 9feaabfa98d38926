package dk.elleve.backup.restore;

import dk.elleve.backup.wal.WalRecords;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gathers the times of commits out of WAL, to learn where a moment lies before PostgreSQL starts. Follows `xact.h`,
/// which has not changed in this since PostgreSQL 9.5.
final class CommitTimes implements WalRecords.Listener {

    private static final int TRANSACTION_MANAGER = 1;
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private @Nullable Instant newestEnd;
    private @Nullable Instant newestCommit;

    /// The newest time of a commit or rollback, which is what PostgreSQL compares a target time with.
    Optional<Instant> newestEnd() {
        return Optional.ofNullable(newestEnd);
    }

    Optional<Instant> newestCommit() {
        return Optional.ofNullable(newestCommit);
    }

    @Override
    public void record(WalRecords record) {
        if (record.manager() != TRANSACTION_MANAGER) {
            return;
        }
        // COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED
        var kind = record.kind() & 0x70;
        if (kind != 0x00 && kind != 0x20 && kind != 0x30 && kind != 0x40) {
            return;
        }
        var at = record.data();
        if (at < 0 || at + 8 > record.head().limit()) {
            return;
        }
        var time = POSTGRES_EPOCH.plus(record.head().getLong(at), ChronoUnit.MICROS);
        if (newestEnd == null || time.isAfter(newestEnd)) {
            newestEnd = time;
        }
        if ((kind == 0x00 || kind == 0x30) && (newestCommit == null || time.isAfter(newestCommit))) {
            newestCommit = time;
        }
    }
}
