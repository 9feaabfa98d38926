package dk.elleve.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// As many changes as the reader keeps up with: the writer waits while more than a few seconds' worth are on their
/// way, so that it works on the same cores for as long as is measured.
final class Flood {

    private static final int TRANSACTION = 100;
    private static final long ON_THE_WAY = 40_000;
    private static final long BETWEEN_LOOKS = 200_000_000;
    private static final long APART = 2_000_000_000;
    private static final Duration WARM = Duration.ofSeconds(60);
    private static final Duration MEASURED = Duration.ofSeconds(40);
    private static final Duration DRAINED = Duration.ofMinutes(5);

    /// How many of the changes the reader has by now.
    interface Reader {
        long taken() throws Exception;
    }

    private record Point(long nanos, long taken, ProcessorTime processors) {}

    private final Workload workload;
    private final Reader reader;
    private final Path run;
    private final Told told;
    private final String name;
    private long written;

    Flood(Workload workload, Reader reader, Path run, Told told, String name) {
        this.workload = workload;
        this.reader = reader;
        this.run = run;
        this.told = told;
        this.name = name;
    }

    /// @param rate changes a second
    /// @param processor microseconds of processor time for each, of all that runs of the platform
    record Result(double rate, double processor) {}

    /// What was reached after it had become warm. All changes have come when it returns.
    Result run() throws Exception {
        long begun = System.nanoTime();
        long warm = begun + WARM.toNanos();
        long end = warm + MEASURED.toNanos();
        long looked = begun;
        long said = begun;
        long taken = 0;
        var points = new ArrayList<Point>();
        while (System.nanoTime() < end) {
            long now = System.nanoTime();
            if (now - looked > BETWEEN_LOOKS) {
                looked = now;
                long newest = reader.taken();
                if (newest != taken
                        && now >= warm
                        && (points.isEmpty() || now - points.getLast().nanos() > APART)) {
                    points.add(new Point(now, newest, ProcessorTime.now(run)));
                }
                taken = newest;
            }
            if (now - said > 10_000_000_000L) {
                said = now;
                told.progress("%s: %,d changes written, %,d taken", name, written, taken);
            }
            if (written - taken < ON_THE_WAY) {
                workload.transaction(TRANSACTION);
                written += TRANSACTION;
            } else {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
        drain();
        return result(points);
    }

    long written() {
        return written;
    }

    private void drain() throws Exception {
        long limit = System.nanoTime() + DRAINED.toNanos();
        while (reader.taken() < written) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "%s: of %,d changes only %,d came".formatted(name, written, reader.taken()));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /// From one arrival to another: what was under way at the beginning and at the end does not count.
    private static Result result(List<Point> points) {
        if (points.size() < 2) {
            throw new IllegalStateException("Hardly anything came while it was measured");
        }
        var first = points.getFirst();
        var last = points.getLast();
        double changes = last.taken() - first.taken();
        return new Result(
                changes * 1e9 / (last.nanos() - first.nanos()),
                last.processors().since(first.processors()) / changes);
    }
}
