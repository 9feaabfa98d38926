package dk.elleve.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// As many changes as the reader keeps up with: the writer waits while more than a few seconds' worth are on their
/// way, so that it works on the same cores for as long as is measured.
final class Flood {

    private static final int TRANSACTION = 100;
    private static final long ON_THE_WAY = 20_000;
    private static final Duration WARM = Duration.ofSeconds(20);
    private static final Duration MEASURED = Duration.ofSeconds(40);
    private static final Duration DRAINED = Duration.ofMinutes(5);

    /// How many of the changes the reader has by now.
    interface Reader {
        long taken() throws Exception;
    }

    private record Point(long nanos, long taken) {}

    private final Workload workload;
    private final Reader reader;
    private final Told told;
    private final String name;
    private long written;

    Flood(Workload workload, Reader reader, Told told, String name) {
        this.workload = workload;
        this.reader = reader;
        this.told = told;
        this.name = name;
    }

    /// @return changes a second, after what it takes to become warm; all of them have come when it returns
    double run() throws Exception {
        long begun = System.nanoTime();
        long warm = begun + WARM.toNanos();
        long end = warm + MEASURED.toNanos();
        long looked = begun;
        long said = begun;
        long taken = 0;
        var points = new ArrayList<Point>();
        while (System.nanoTime() < end) {
            long now = System.nanoTime();
            if (now - looked > 50_000_000) {
                looked = now;
                long newest = reader.taken();
                if (newest != taken && now >= warm) {
                    points.add(new Point(now, newest));
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
        return rate(points);
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
    private static double rate(List<Point> points) {
        if (points.size() < 2) {
            throw new IllegalStateException("Hardly anything came while it was measured");
        }
        var first = points.getFirst();
        var last = points.getLast();
        return (last.taken() - first.taken()) * 1e9 / (last.nanos() - first.nanos());
    }
}
