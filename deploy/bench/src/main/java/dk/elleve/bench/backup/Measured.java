package dk.elleve.bench.backup;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What some work cost.
///
/// @param processor time of the product's own processes, without the server and the blob storage
/// @param server processor time of the server meanwhile
/// @param memory the most that the product's processes held at once, in bytes
record Measured<T>(T result, Duration took, Duration processor, Duration server, long memory) {

    double seconds() {
        return took.toNanos() / 1e9;
    }

    /// The one in the middle by time: another user of the machine does not decide.
    static <T> Measured<T> middle(List<Measured<T>> runs) {
        var sorted = runs.stream().sorted(Comparator.comparing(Measured::took)).toList();
        return sorted.get((sorted.size() - 1) / 2);
    }

    /// For the person who waits.
    ///
    /// @param bytes how much was worked through
    String words(long bytes) {
        return String.format(
                Locale.ROOT,
                "%.2f s, %.0f MB/s, processor %.2f s (server %.2f s), memory %d MiB",
                seconds(),
                bytes / 1e6 / seconds(),
                processor.toNanos() / 1e9,
                server.toNanos() / 1e9,
                memory >> 20);
    }
}
