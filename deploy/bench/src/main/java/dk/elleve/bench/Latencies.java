package dk.elleve.bench;

import java.util.Arrays;

/// Microseconds, as many as come. For several threads.
public final class Latencies {

    private long[] values = new long[1024];
    private int count;

    public synchronized void add(long micros) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = micros;
    }

    public synchronized int count() {
        return count;
    }

    /// The value that this share of all does not exceed, in milliseconds.
    public synchronized double millis(double share) {
        if (count == 0) {
            throw new IllegalStateException("Nothing came while it was measured");
        }
        var sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, Math.ceil(share * count) - 1)] / 1000.0;
    }
}
