package dk.elleve.bench;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// How long after its commit a change stands under a checkpoint that is shown, at a thousand changes a second.
final class CommitToVisible {

    /// A thousand changes a second.
    private static final Duration BETWEEN = Duration.ofMillis(10);

    /// What is seen may have been shown so long ago, and counts as seen now. A hundred questions a second took half a
    /// processor of the two.
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private static final Duration WARM = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(25);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Sight(long size, long micros) {}

    private final Given given;
    private final Told told;
    private final Clock clock;

    CommitToVisible(Given given, Told told, Clock clock) {
        this.given = given;
        this.told = told;
        this.clock = clock;
    }

    void run() throws Exception {
        var ours = ours();
        var peer = peer();
        told.progress(
                "commit to visible: p50 %.0f ms, p99 %.0f ms, slowest %.0f ms, of %,d; bare engine: p50 %.0f ms, p99 %.0f ms",
                ours.millis(0.5), ours.millis(0.99), ours.millis(1), ours.count(), peer.millis(0.5), peer.millis(0.99));
        told.measure("audit.latency", ours.millis(0.99), peer.millis(0.99), "ms, p99");
    }

    private Latencies ours() throws Exception {
        try (var log = new RunningLog(given);
                var workload = Workload.captured(given, clock)) {
            var sights = new ArrayList<Sight>();
            try (var writer = Steady.start(workload, BETWEEN)) {
                watch(log, sights, WARM, writer);
                long start = log.size();
                sights.clear();
                long until = micros() + MEASURED.toMillis() * 1000;
                watch(log, sights, MEASURED, writer);
                // What committed last is to be seen as well.
                long limit = micros() + PATIENCE.toMillis() * 1000;
                var seen = new Latencies();
                while (sights.isEmpty() || !covered(log, start, until, sights, seen)) {
                    if (micros() > limit) {
                        throw new IllegalStateException("Changes did not become visible within " + PATIENCE);
                    }
                    watch(log, sights, Duration.ofMillis(200), writer);
                    seen = new Latencies();
                }
                return seen;
            }
        }
    }

    /// @return whether the newest sight is of a time after which nothing is asked for
    private static boolean covered(RunningLog log, long start, long until, List<Sight> sights, Latencies into)
            throws Exception {
        long last = sights.getLast().size();
        var newest = new long[1];
        var at = new int[1];
        log.changes(start, (index, micros) -> {
            while (at[0] < sights.size() && sights.get(at[0]).size() <= index) {
                at[0]++;
            }
            if (index < last && micros <= until) {
                into.add(sights.get(at[0]).micros() - micros);
            }
            if (index < last) {
                newest[0] = Math.max(newest[0], micros);
            }
        });
        return newest[0] > until;
    }

    private void watch(RunningLog log, List<Sight> sights, Duration length, Steady writer) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            writer.check();
            long size = log.size();
            if (sights.isEmpty() || sights.getLast().size() < size) {
                sights.add(new Sight(size, micros()));
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
        }
    }

    private Latencies peer() throws Exception {
        try (var database = new PeerDatabase(given);
                var workload = Workload.besides(given, clock)) {
            database.publish();
            try (var engine = new BareEngine(given, clock);
                    var writer = Steady.start(workload, BETWEEN)) {
                pause(WARM, writer, engine);
                engine.latencies();
                pause(MEASURED, writer, engine);
                return engine.latencies();
            }
        }
    }

    private static void pause(Duration length, Steady writer, BareEngine engine) throws InterruptedException {
        long end = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < end) {
            writer.check();
            engine.rows(); // throws when it stopped
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
