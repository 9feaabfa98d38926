package dk.elleve.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.log.LogDatabase;
import dk.elleve.audit.log.LogTiles;
import dk.elleve.contracts.Event;
import dk.elleve.kit.test.Faults;
import dk.elleve.kit.test.MovingClock;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.TileReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Writers and two instances that sequence, all at once, while readers believe nothing: whatever is shown verifies at
/// that
/// moment, and continues what the same reader saw before.
class HammerTest {

    private static final int ENTRIES = 3_000;
    private static final int AT_ONCE = 25;

    private final SignerKey key = SignerKey.generate("hammer.test/log", SignatureType.ED25519, new SecureRandom());
    private final MovingClock clock = MovingClock.at("2026-03-01T09:00:00Z");
    private final MemoryBlobs blobs = new MemoryBlobs(new Faults());
    private final List<Event> told = new CopyOnWriteArrayList<>();

    @Test
    void whatever_is_shown_verifies_while_everybody_writes() throws Exception {
        DataSource database = LogDatabase.make("hammer");
        var left = new AtomicInteger(ENTRIES / AT_ONCE);
        var read = new AtomicLong();
        try (var threads = Executors.newCachedThreadPool()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 3; i++) {
                var writer = process(database);
                running.add(threads.submit(() -> {
                    while (left.getAndDecrement() > 0) {
                        writer.add(AT_ONCE);
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 2; i++) {
                var instance = process(database);
                running.add(threads.submit(() -> {
                    while (shown() < ENTRIES) {
                        instance.rounds.turn();
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 3; i++) {
                running.add(threads.submit(new Reader(read)));
            }
            for (var each : running) {
                each.get();
            }
        }

        assertThat(shown()).isEqualTo(ENTRIES);
        assertThat(read.get()).as("entries that readers verified").isGreaterThan(100);
    }

    private LogProcess process(DataSource database) {
        return new LogProcess(database, blobs, key.secret(), new Faults(), clock, told);
    }

    private long shown() {
        var newest = newest();
        return newest == null ? 0 : newest.size();
    }

    private @Nullable Checkpoint newest() {
        return blobs.get(LogTiles.CONTAINER, "checkpoint")
                .map(note -> SignedCheckpoint.open(new String(note, StandardCharsets.UTF_8), List.of(key.verifier()))
                        .checkpoint())
                .orElse(null);
    }

    private final class Reader implements Callable<Void> {

        private final RandomGenerator random = RandomGenerator.getDefault();
        private final AtomicLong read;
        private @Nullable Checkpoint seen;

        Reader(AtomicLong read) {
            this.read = read;
        }

        @Override
        public Void call() {
            while (true) {
                var now = newest();
                if (now == null || now.size() == 0) {
                    Thread.onSpinWait();
                    continue;
                }
                var tiles = new TileReader(path -> blobs.get(LogTiles.CONTAINER, path), now.size());
                assertThat(tiles.root()).as("the tiles of size %d", now.size()).isEqualTo(now.root());
                long index = random.nextLong(now.size());
                Proofs.checkInclusion(
                        index, now.size(), Hash.leaf(tiles.entry(index)), tiles.inclusion(index), now.root());
                var before = seen;
                if (before != null) {
                    assertThat(now.size()).as("the log never shrinks").isGreaterThanOrEqualTo(before.size());
                    Proofs.checkConsistency(
                            before.size(), before.root(), now.size(), now.root(), tiles.consistency(before.size()));
                }
                seen = now;
                read.incrementAndGet();
                if (now.size() >= ENTRIES) {
                    return null;
                }
            }
        }
    }
}
