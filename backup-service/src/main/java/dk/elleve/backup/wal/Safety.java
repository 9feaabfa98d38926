package dk.elleve.backup.wal;

import dk.elleve.backup.wire.Lsn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Measures how long WAL stays outside the vault. A mark says "at this moment the server's log ended here";
/// once that position is in the vault, everything up to that moment is safe.
final class Safety {

    private static final Duration MARK_EVERY = Duration.ofMillis(200);
    private static final int MOST_MARKS = 10_000;

    private record Mark(Instant at, Lsn serverEnd) {}

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private final Instant since;
    private boolean streaming;
    private int timeline;
    private Lsn received = Lsn.ZERO;
    private Lsn shipped = Lsn.ZERO;
    private @Nullable Instant safeUntil;
    private Duration maxAge = Duration.ZERO;
    private Duration clockOffset = Duration.ZERO;
    private @Nullable String trouble;

    Safety(Clock clock) {
        this.clock = clock;
        this.since = clock.instant();
    }

    void started(int timeline, Lsn shipped) {
        locked(() -> {
            this.streaming = true;
            this.timeline = timeline;
            this.shipped = shipped;
            this.received = shipped;
            this.trouble = null;
            marks.clear();
        });
    }

    void stopped(@Nullable String trouble) {
        locked(() -> {
            this.streaming = false;
            this.trouble = trouble;
        });
    }

    void received(Lsn received, Lsn serverEnd) {
        locked(() -> {
            this.received = received;
            var now = clock.instant();
            if (!serverEnd.isBefore(received)
                    && marks.size() < MOST_MARKS
                    && (marks.isEmpty()
                            || !marks.getLast().at().plus(MARK_EVERY).isAfter(now))) {
                marks.add(new Mark(now, serverEnd));
            }
            settle();
        });
    }

    /// @param serverNow the moment at which the server sent something that was read at once
    void clockSeen(Instant serverNow) {
        locked(() -> clockOffset = Duration.between(clock.instant(), serverNow));
    }

    void shipped(Lsn shipped) {
        locked(() -> {
            this.shipped = shipped;
            settle();
        });
    }

    private void settle() {
        measure();
        while (!marks.isEmpty() && !shipped.isBefore(marks.getFirst().serverEnd())) {
            safeUntil = marks.removeFirst().at();
        }
        moved.signalAll();
    }

    private Duration measure() {
        var age = Duration.between(safeUntil == null ? since : safeUntil, clock.instant());
        if (age.compareTo(maxAge) > 0) {
            maxAge = age;
        }
        return age;
    }

    boolean await(Lsn position, Duration atMost) throws InterruptedException {
        var left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (shipped.isBefore(position)) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    WalStatus status() {
        lock.lock();
        try {
            var age = measure();
            return new WalStatus(
                    streaming,
                    timeline,
                    received.toString(),
                    shipped.toString(),
                    Optional.ofNullable(safeUntil),
                    age,
                    maxAge,
                    clockOffset,
                    Optional.ofNullable(trouble));
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}
