package dk.elleve.backup.restore;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// A restore's progress for a person: one line that is drawn over on a terminal, a line per phase elsewhere.
final class ProgressBar implements RestoreProgress {

    private static final int WIDTH = 24;
    private static final Duration EVERY = Duration.ofMillis(200);

    private final PrintStream out;
    private final boolean terminal;
    private final Clock clock;
    private String phase = "";
    private Instant phaseStart = Instant.EPOCH;
    private Instant drawn = Instant.EPOCH;

    ProgressBar(PrintStream out, boolean terminal, Clock clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public void moved(String phase, long done, long total) {
        var now = clock.instant();
        if (!phase.equals(this.phase)) {
            finish();
            this.phase = phase;
            phaseStart = now;
            drawn = Instant.EPOCH;
            if (!terminal) {
                out.println(phase + (total > 0 ? " (" + size(total) + ")" : ""));
            }
        }
        if (!terminal || (now.isBefore(drawn.plus(EVERY)) && done < total)) {
            return;
        }
        drawn = now;
        if (total <= 0) {
            out.print("\r\u001b[K" + phase);
        } else {
            var filled = (int) (WIDTH * Math.min(done, total) / total);
            var seconds = Math.max(0.001, Duration.between(phaseStart, now).toMillis() / 1000.0);
            var rate = done / seconds;
            var left = rate > 0 ? Duration.ofSeconds(Math.round((total - done) / rate)) : Duration.ZERO;
            out.print("\r\u001b[K" + phase + "  [" + "#".repeat(filled) + "-".repeat(WIDTH - filled) + "] " + size(done)
                    + " of "
                    + size(total) + ", " + size((long) rate) + "/s, " + left.toMinutes() + ":"
                    + String.format("%02d", left.toSecondsPart()) + " left");
        }
        out.flush();
    }

    void finish() {
        if (terminal && !phase.isEmpty()) {
            out.println();
        }
    }

    static String size(long bytes) {
        if (bytes < 10 << 20) {
            return (bytes >> 10) + " KiB";
        }
        return bytes < 10L << 30 ? (bytes >> 20) + " MiB" : (bytes >> 30) + " GiB";
    }
}
