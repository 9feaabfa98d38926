package dk.elleve.backup.wal;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.WalStream.Message;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireException;
import dk.elleve.backup.wire.WireSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Ships the WAL of one cluster into the vault for as long as it lives. Every start continues where the vault
/// ends; the server's slot holds back what is not there yet.
public final class WalShipper implements AutoCloseable {

    private final WireSettings server;
    private final ClusterVault vault;
    private final WalSettings settings;
    private final WalEvents events;
    private final Clock clock;
    private final Safety safety;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopping = lock.newCondition();
    private @Nullable Thread worker;
    private @Nullable WalSession session;
    private @Nullable Wire wire;
    private boolean stopped;

    public WalShipper(WireSettings server, ClusterVault vault, WalSettings settings, WalEvents events, Clock clock) {
        this.server = server;
        this.vault = vault;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
        this.safety = new Safety(clock);
    }

    public void start() {
        lock.lock();
        try {
            if (worker == null) {
                worker = Thread.ofVirtual().name("wal-receive").start(this::shipForever);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The server's slot that holds back what is not in the vault.
    public String slot() {
        return settings.slot();
    }

    public WalStatus status() {
        return safety.status();
    }

    /// Waits until the vault holds everything before `position`; answers whether it does.
    public boolean awaitShipped(Lsn position, Duration atMost) throws InterruptedException {
        return safety.await(position, atMost);
    }

    private void shipForever() {
        while (!isStopped()) {
            try {
                shipOnce();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (isStopped()) {
                    return;
                }
                safety.stopped(e.getMessage());
                events.interrupted(e);
            }
            pause();
        }
    }

    private void shipOnce() throws InterruptedException {
        try (var wire = Wire.connect(server, "elleve-backup-wal")) {
            set(wire, null);
            var identity = wire.identify();
            requireSame(identity);
            var segments = new Segments(wire.walSegmentSize());
            var shelf = new WalShelf(vault, segments);
            var inventory = shelf.inventory();
            inventory.needless().forEach(shelf::delete);
            var slot = wire.slot(settings.slot()).orElseGet(() -> wire.createSlot(settings.slot()));
            var held = segments.startOf(slot.restart().orElse(identity.flushed()));
            var line = keepHistory(wire, shelf, identity.timeline());
            // A server that was promoted has not all that the vault has: it went on where it had got to.
            var end = line.end(inventory, new WalInventory.End(identity.timeline(), held));
            int newest = inventory.timelines().stream().max(Integer::compare).orElse(end.timeline());
            if (newest > identity.timeline()) {
                throw new IllegalStateException("the vault holds timeline " + newest + " of cluster "
                        + identity.systemId() + ", but the server is on timeline " + identity.timeline()
                        + ": this is an older copy of the cluster, which must not ship over its successor");
            }
            try {
                stream(wire, shelf, segments, inventory, end);
            } catch (WireException e) {
                if (e.isSlotLost()) {
                    replaceSlot();
                } else if (e.isWalRemoved()) {
                    skip(shelf, segments, end);
                } else {
                    throw e;
                }
            }
        } finally {
            set(null, null);
        }
    }

    private void stream(Wire wire, WalShelf shelf, Segments segments, WalInventory inventory, WalInventory.End end)
            throws InterruptedException {
        var timeline = end.timeline();
        var shipped = end.lsn();
        while (true) {
            var start = segments.startOf(shipped);
            var parts = inventory.extents(timeline, segments.number(start)).size();
            var stream = wire.startWal(settings.slot(), start, timeline);
            var session = new WalSession(
                    wire, stream, shelf, segments, timeline, start, shipped, parts, settings, safety, clock);
            set(wire, session);
            events.streaming(timeline, start.toString());
            switch (session.run()) {
                case Message.EndOfTimeline next -> {
                    keepHistory(wire, shelf, next.next());
                    timeline = next.next();
                    // The new timeline's segment begins with a copy of the old one's bytes: taken again from
                    // its start.
                    shipped = segments.startOf(next.switchedAt());
                    inventory = shelf.inventory();
                }
                case Message.Finished finished -> {
                    safety.stopped(null);
                    return;
                }
                case Message.Data data -> throw new IllegalStateException("a session does not end with data");
                case Message.KeepAlive alive ->
                    throw new IllegalStateException("a session does not end with a keep-alive");
            }
        }
    }

    /// The server has lost patience with the slot: a new one holds back what is still there.
    private void replaceSlot() {
        try (var wire = Wire.connect(server, "elleve-backup-wal")) {
            wire.dropSlot(settings.slot());
            wire.createSlot(settings.slot());
        }
    }

    /// WAL between the vault's end and what the server still has is lost: put that on record first, then go on
    /// after it.
    private void skip(WalShelf shelf, Segments segments, WalInventory.End end) throws InterruptedException {
        try (var wire = Wire.connect(server, "elleve-backup-wal")) {
            var identity = wire.identify();
            wire.slot(settings.slot())
                    .filter(slot -> slot.restart().isEmpty())
                    .ifPresent(slot -> wire.dropSlot(slot.name()));
            var slot = wire.slot(settings.slot()).orElseGet(() -> wire.createSlot(settings.slot()));
            var next = segments.startOf(slot.restart().orElse(identity.flushed()));
            if (end.lsn().isBefore(next)) {
                var now = clock.instant();
                var safeUntil = safety.status().safeUntil().orElse(now);
                var gap = new Gap(end.timeline(), end.lsn().toString(), next.toString(), safeUntil, now);
                shelf.record(gap);
                events.lost(gap);
            }
            set(wire, null);
            stream(wire, shelf, segments, shelf.inventory(), new WalInventory.End(identity.timeline(), next));
        }
    }

    /// @return the line that leads to the timeline
    private Timelines keepHistory(Wire wire, WalShelf shelf, int timeline) {
        if (timeline == 1) {
            return Timelines.first();
        }
        var history = wire.history(timeline);
        shelf.keep(history, clock.instant());
        return Timelines.of(timeline, history.content());
    }

    private void requireSame(Wire.Identity identity) {
        if (!identity.systemId().equals(vault.systemId())) {
            throw new IllegalStateException("the server at " + server.host() + ":" + server.port() + " is cluster "
                    + identity.systemId() + ", not " + vault.systemId() + ": its WAL does not belong here");
        }
    }

    private void pause() {
        lock.lock();
        try {
            var left = settings.retryAfter().toNanos();
            while (!stopped && left > 0) {
                left = stopping.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    private void set(@Nullable Wire wire, @Nullable WalSession session) {
        lock.lock();
        try {
            this.wire = wire;
            this.session = session;
            if (stopped && wire != null) {
                wire.cut();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /// Stops at once, without waiting for what is under way: the next start takes it again from the server.
    public void kill() {
        stop(false);
    }

    /// Ships what has arrived, then stops.
    @Override
    public void close() {
        stop(true);
    }

    private void stop(boolean gently) {
        @Nullable Thread running = null;
        lock.lock();
        try {
            stopped = true;
            running = worker;
            stopping.signalAll();
            if (gently && session != null) {
                session.finish();
            } else if (wire != null) {
                wire.cut();
            }
        } catch (WireException e) {
            // The line is gone, and so is the session.
        } finally {
            lock.unlock();
        }
        try {
            if (running != null && !running.join(Duration.ofSeconds(gently ? 10 : 2))) {
                lock.lock();
                try {
                    if (wire != null) {
                        wire.cut();
                    }
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
