package dk.elleve.backup.restore;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the times of commits out of WAL, segment after segment, to learn where a moment lies before PostgreSQL
/// starts. Follows `xlog_internal.h`, `xlogrecord.h` and `xact.h`, which have not changed in this since
/// PostgreSQL 9.5.
final class CommitTimes {

    private static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int CONTINUES_RECORD = 0x0001;
    private static final int HAS_LONG_HEADER = 0x0002;
    private static final int RECORD_HEADER = 24;
    private static final int TRANSACTION_MANAGER = 1;
    private static final Instant POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    /// The beginning of a record that goes on in the next page; the time stands near its start.
    private final byte[] head = new byte[256];

    private int headLength;
    private long missing;
    private @Nullable Instant newestEnd;
    private @Nullable Instant newestCommit;

    /// The newest time of a commit or rollback, which is what PostgreSQL compares a target time with.
    Optional<Instant> newestEnd() {
        return Optional.ofNullable(newestEnd);
    }

    Optional<Instant> newestCommit() {
        return Optional.ofNullable(newestCommit);
    }

    /// Reads the next segment.
    void read(byte[] segment, int length) {
        for (var page = 0; page + SHORT_HEADER <= length; page += PAGE) {
            readPage(ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN), page, Math.min(page + PAGE, length));
        }
    }

    private void readPage(ByteBuffer wal, int page, int end) {
        if (wal.getShort(page) == 0) {
            return;
        }
        var info = wal.getShort(page + 2);
        var remaining = Integer.toUnsignedLong(wal.getInt(page + 16));
        var at = page + ((info & HAS_LONG_HEADER) != 0 ? LONG_HEADER : SHORT_HEADER);
        if (missing > 0 && (info & CONTINUES_RECORD) == 0) {
            // The server crashed in the middle of the record and has written over it.
            missing = 0;
        }
        if (remaining > 0) {
            var size = (int) Math.min(remaining, end - at);
            if (missing > 0) {
                keep(wal, at, size);
                missing -= size;
                if (missing <= 0) {
                    finish();
                }
            }
            at = aligned(at + size);
        }
        while (missing <= 0 && at + 8 <= end) {
            var total = Integer.toUnsignedLong(wal.getInt(at));
            if (total < RECORD_HEADER) {
                return;
            }
            var size = (int) Math.min(total, end - at);
            headLength = 0;
            keep(wal, at, size);
            missing = total - size;
            if (missing == 0) {
                finish();
            }
            at = aligned(at + size);
        }
    }

    private void keep(ByteBuffer wal, int at, int size) {
        var kept = Math.min(size, head.length - headLength);
        if (kept > 0) {
            wal.get(at, head, headLength, kept);
            headLength += kept;
        }
    }

    private void finish() {
        missing = 0;
        if (headLength < RECORD_HEADER + 2 || head[17] != TRANSACTION_MANAGER) {
            return;
        }
        // COMMIT, ABORT, COMMIT_PREPARED, ABORT_PREPARED
        var kind = head[16] & 0x70;
        if (kind != 0x00 && kind != 0x20 && kind != 0x30 && kind != 0x40) {
            return;
        }
        var at = RECORD_HEADER;
        while (at < headLength) {
            switch (Byte.toUnsignedInt(head[at])) {
                case 255 -> {
                    note(kind, at + 2);
                    return;
                }
                case 254 -> {
                    note(kind, at + 5);
                    return;
                }
                case 253 -> at += 3;
                case 252 -> at += 5;
                default -> {
                    return;
                }
            }
        }
    }

    private void note(int kind, int at) {
        if (at + 8 > headLength) {
            return;
        }
        var microseconds = ByteBuffer.wrap(Arrays.copyOfRange(head, at, at + 8))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        var time = POSTGRES_EPOCH.plus(microseconds, ChronoUnit.MICROS);
        if (newestEnd == null || time.isAfter(newestEnd)) {
            newestEnd = time;
        }
        if ((kind == 0x00 || kind == 0x30) && (newestCommit == null || time.isAfter(newestCommit))) {
            newestCommit = time;
        }
    }

    private static int aligned(int at) {
        return (at + 7) & ~7;
    }
}
