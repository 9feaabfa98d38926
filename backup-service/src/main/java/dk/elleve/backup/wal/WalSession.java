package dk.elleve.backup.wal;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.WalStream;
import dk.elleve.backup.wire.WalStream.Message;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One stream of WAL on one timeline: the caller's thread receives, a second one ships, a third one keeps the
/// line alive while the vault is slow. Begins at the start of a segment, also when a part of that segment is in
/// the vault already.
final class WalSession {

    /// Segments waiting in memory before the reader stops reading; the server then holds the rest back.
    private static final int MOST_WAITING = 4;

    /// Parts of one segment after which a single part replaces them all: a slow trickle must not end in
    /// thousands of objects.
    private static final int MOST_PARTS = 64;

    private static final Duration LINE_CARE = Duration.ofSeconds(2);

    private static final class Filling {
        final long number;
        final byte[] bytes;
        int filled;
        int shipped;
        int parts;
        Instant oldestWaiting = Instant.EPOCH;

        /// At this moment of the server's clock its log ended at `filled` or before.
        Instant newest;

        /// @param newest what is known of the segment before
        /// @param bytes whatever they hold: only what was filled is read
        Filling(long number, Instant newest, byte[] bytes) {
            this.number = number;
            this.newest = newest;
            this.bytes = bytes;
        }
    }

    private final Wire wire;
    private final WalStream stream;
    private final WalShelf shelf;
    private final Segments segments;
    private final int timeline;
    private final WalSettings settings;
    private final Safety safety;
    private final Clock clock;

    /// Guards everything below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Filling> waiting = new ArrayDeque<>();

    /// Room of segments that are in the vault.
    private final ArrayDeque<byte[]> spare = new ArrayDeque<>();

    private Lsn received;
    private Lsn shipped;
    private boolean shipNow;
    private boolean over;
    private @Nullable RuntimeException failure;

    /// @param start the start of a segment, where the stream begins
    /// @param shipped how far the vault already goes within that segment
    /// @param parts how many parts of that segment the vault holds
    WalSession(
            Wire wire,
            WalStream stream,
            WalShelf shelf,
            Segments segments,
            int timeline,
            Lsn start,
            Lsn shipped,
            int parts,
            WalSettings settings,
            Safety safety,
            Clock clock) {
        this.wire = wire;
        this.stream = stream;
        this.shelf = shelf;
        this.segments = segments;
        this.timeline = timeline;
        this.settings = settings;
        this.safety = safety;
        this.clock = clock;
        this.received = start;
        this.shipped = shipped;
        var first = new Filling(segments.number(start), Instant.EPOCH, new byte[segments.size()]);
        first.shipped = segments.offset(shipped);
        first.parts = parts;
        waiting.add(first);
    }

    /// Streams until the timeline ends, which is the answer, or we are asked to finish, or something breaks.
    Message run() throws InterruptedException {
        var shipper = Thread.ofVirtual().name("wal-ship").start(this::shipAll);
        var carer = Thread.ofVirtual().name("wal-care").start(this::careForLine);
        try {
            safety.started(timeline, shipped);
            while (true) {
                var message = stream.next();
                switch (message) {
                    case Message.Data data -> take(data);
                    case Message.KeepAlive alive -> {
                        safety.received(received, alive.serverEnd());
                        safety.clockSeen(alive.sentAt());
                        if (alive.answerWanted()) {
                            // A server that shuts down waits for us: do not let it wait for the part to grow
                            // old.
                            locked(() -> shipNow = true);
                            confirm(false);
                        }
                    }
                    case Message.EndOfTimeline end -> {
                        drain();
                        return end;
                    }
                    case Message.Finished finished -> {
                        drain();
                        return finished;
                    }
                }
            }
        } catch (WireException e) {
            // When the vault failed, the shipper has cut the line, and its reason is the true one.
            locked(() -> {
                if (failure != null) {
                    throw failure;
                }
            });
            throw e;
        } finally {
            locked(() -> over = true);
            shipper.join();
            carer.join();
        }
    }

    private void take(Message.Data data) throws InterruptedException {
        if (!data.start().equals(received)) {
            throw new IllegalStateException(
                    "the server sent WAL from " + data.start() + " after " + received + "; the stream has a hole");
        }
        var at = data.offset();
        var left = data.length();
        while (left > 0) {
            lock.lock();
            try {
                while (waiting.size() > MOST_WAITING && failure == null) {
                    changed.await();
                }
                if (failure != null) {
                    throw failure;
                }
                var filling = waiting.getLast();
                var size = Math.min(left, segments.size() - filling.filled);
                System.arraycopy(data.bytes(), at, filling.bytes, filling.filled, size);
                var now = clock.instant();
                if (filling.filled <= filling.shipped && filling.filled + size > filling.shipped) {
                    filling.oldestWaiting = now;
                }
                filling.filled += size;
                if (size == left && !data.end().isBefore(data.serverEnd())) {
                    // All there is. While we are behind, the moment of sending says nothing: what was written by then
                    // may still be to come.
                    filling.newest = data.sentAt();
                }
                if (filling.filled == segments.size()) {
                    var used = spare.poll();
                    waiting.add(new Filling(
                            filling.number + 1, filling.newest, used == null ? new byte[segments.size()] : used));
                }
                received = received.plus(size);
                at += size;
                left -= size;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        safety.received(received, data.serverEnd());
    }

    private void shipAll() {
        try {
            while (true) {
                Filling segment;
                int from;
                int to;
                Instant newest;
                lock.lock();
                try {
                    while (!isDue() && !over) {
                        changed.awaitNanos(settings.partAge().toNanos() / 10);
                    }
                    segment = waiting.getFirst();
                    from = segment.shipped;
                    to = segment.filled;
                    newest = segment.newest;
                    if (to <= from) {
                        shipNow = false;
                        if (over) {
                            return;
                        }
                        continue;
                    }
                    if (over && failure != null) {
                        return;
                    }
                } finally {
                    lock.unlock();
                }
                ship(segment, from, to, newest);
            }
        } catch (InterruptedException | RuntimeException e) {
            locked(() -> {
                failure = e instanceof RuntimeException known ? known : new IllegalStateException(e);
                changed.signalAll();
            });
            // Nothing more can be made safe on this line; the server keeps the WAL for the next one.
            wire.cut();
        }
    }

    private boolean isDue() {
        var segment = waiting.getFirst();
        var unshipped = segment.filled - segment.shipped;
        return unshipped > 0
                && (shipNow
                        || segment.filled == segments.size()
                        || !segment.oldestWaiting
                                .plus(settings.partAge(unshipped))
                                .isAfter(clock.instant()));
    }

    private void ship(Filling segment, int from, int to, Instant newest) {
        var whole = to == segments.size();
        var merge = !whole && segment.parts >= MOST_PARTS;
        var first = whole || merge ? 0 : from;
        shelf.write(timeline, segment.number, segment.bytes, first, to, newest, clock.instant());
        // In the vault. A crash from here on makes the next start find it there and tell the server then.
        var hadParts = segment.parts > 0;
        locked(() -> {
            segment.shipped = to;
            segment.parts = merge ? 1 : segment.parts + 1;
            if (segment.filled > to) {
                segment.oldestWaiting = clock.instant();
            }
            shipped = Lsn.max(shipped, segments.start(segment.number).plus(to));
            if (whole) {
                spare.add(waiting.removeFirst().bytes);
            }
            changed.signalAll();
        });
        safety.shipped(shipped);
        confirm(false);
        if ((whole || merge) && hadParts) {
            // Parts go after what replaces them. A crash here leaves them for the next start to clear away.
            for (var extent : shelf.inventoryOf(timeline, segment.number).needless()) {
                shelf.delete(extent);
            }
        }
    }

    private void confirm(boolean answerWanted) {
        try {
            stream.confirm(received, shipped, clock.instant(), answerWanted);
        } catch (WireException e) {
            // The reader meets the broken line too and says so.
        }
    }

    private void careForLine() {
        while (true) {
            lock.lock();
            try {
                if (over) {
                    return;
                }
                var left = LINE_CARE.toNanos();
                while (left > 0 && !over) {
                    left = changed.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                return;
            } finally {
                lock.unlock();
            }
            confirm(true);
        }
    }

    /// Waits until everything received is in the vault.
    private void drain() throws InterruptedException {
        lock.lock();
        try {
            shipNow = true;
            changed.signalAll();
            while (shipped.isBefore(received) && failure == null) {
                changed.await(1, TimeUnit.SECONDS);
                shipNow = true;
            }
            if (failure != null) {
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the session from another thread once everything received so far is in the vault.
    void finish() {
        stream.finish();
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
