package dk.elleve.bench;

import dk.elleve.tlog.Proofs;
import dk.elleve.tlog.SignedCheckpoint;
import dk.elleve.tlog.TileReader;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Two instances at work. The one that captures is killed, and the other shows a checkpoint over a change that was made
/// after that; against killing an instance that is alone and starting it again. No two checkpoints that were shown
/// meanwhile may contradict each other.
final class Failover {

    /// Few changes, so that it is the taking over that is measured, and not what had piled up.
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private static final Duration TOGETHER = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Given given;
    private final Told told;
    private final Clock clock;
    private final Map<Long, SignedCheckpoint> shown = new TreeMap<>();

    Failover(Given given, Told told, Clock clock) {
        this.given = given;
        this.told = told;
        this.clock = clock;
    }

    void run() throws Exception {
        var first = given.audit();
        var second = URI.create(given.text("second") + "/log/");
        try (var log = new RunningLog(given);
                var workload = Workload.captured(given, clock);
                var writer = Steady.start(workload, BETWEEN)) {
            var start = shown(log, first).checkpoint().size();
            long end = System.nanoTime() + TOGETHER.toNanos();
            while (System.nanoTime() < end) {
                shown(log, first);
                shown(log, second);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            long killed = kill("process");
            double ours = untilVisible(log, second, start, killed, writer);
            told.progress("the other instance shows a later change after %.1f s", ours);
            killed = kill("second.process");
            told.please("restart");
            double peer = untilVisible(log, first, start, killed, writer);
            told.progress("an instance alone, killed and started again, after %.1f s", peer);
            requireOneStory(log, first);
            told.measure("audit.failover", ours, peer, "s");
        }
    }

    private long kill(String process) {
        ProcessHandle.of(given.number(process))
                .orElseThrow(() -> new IllegalStateException("The service does not run"))
                .destroyForcibly();
        return micros();
    }

    private SignedCheckpoint shown(RunningLog log, URI base) throws IOException {
        var checkpoint = log.shown(base);
        var other = shown.putIfAbsent(checkpoint.checkpoint().size(), checkpoint);
        if (other != null
                && !other.checkpoint().root().equals(checkpoint.checkpoint().root())) {
            throw new IllegalStateException(
                    "Two trees of size " + checkpoint.checkpoint().size() + " were shown: the log has two histories");
        }
        return checkpoint;
    }

    /// @return seconds from then until a change that committed later stands under a checkpoint that is shown
    private double untilVisible(RunningLog log, URI base, long from, long since, Steady writer) throws Exception {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < limit) {
            writer.check();
            try {
                long size = shown(log, base).checkpoint().size();
                long now = micros();
                if (log.hasChangeAfter(since, from, size)) {
                    return (now - since) / 1e6;
                }
            } catch (IOException starting) {
                // It does not answer yet.
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new IllegalStateException("No change became visible within " + PATIENCE.toMinutes() + " minutes");
    }

    private void requireOneStory(RunningLog log, URI base) throws IOException {
        var newest = log.shown(base).checkpoint();
        var reader = new TileReader(log.source(base), newest.size());
        for (var each : shown.values()) {
            var old = each.checkpoint();
            if (old.size() > 0 && old.size() <= newest.size()) {
                Proofs.checkConsistency(
                        old.size(), old.root(), newest.size(), newest.root(), reader.consistency(old.size()));
            }
        }
        told.progress("%,d checkpoints were shown, all of one story", shown.size());
    }

    private long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }
}
