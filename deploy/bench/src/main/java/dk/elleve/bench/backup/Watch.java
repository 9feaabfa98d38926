package dk.elleve.bench.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Looks at all processes of a name, ten times a second. Whatever ran before under another name is not
/// looked at again: asking for all processes took a tenth of a processor from those that are measured.
final class Watch implements AutoCloseable {

    private static final long EVERY = 100_000_000;

    private final String name;
    private final Set<Long> others;
    private final Map<Long, Duration> before = new HashMap<>();
    private final Map<Long, Duration> used = new HashMap<>();
    private final Thread thread;
    private volatile boolean over;
    private long memory;

    Watch(String name) throws IOException {
        this.name = name;
        for (var process : Processes.named(name, Set.of())) {
            before.put(process.id(), process.used());
        }
        this.others = new HashSet<>(Processes.ids());
        others.removeAll(before.keySet());
        this.thread = Thread.ofPlatform().name("watch").start(this::watch);
    }

    private void watch() {
        try {
            while (!over) {
                look();
                LockSupport.parkNanos(EVERY);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void look() throws IOException {
        var together = 0L;
        for (var process : Processes.named(name, others)) {
            used.put(process.id(), process.used().minus(before.getOrDefault(process.id(), Duration.ZERO)));
            together += process.own();
        }
        memory = Math.max(memory, together);
    }

    /// Processor time, a little too small: what lived between two looks was not seen.
    synchronized Duration used() {
        return used.values().stream().reduce(Duration.ZERO, Duration::plus);
    }

    /// The most they held at once, in bytes.
    synchronized long memory() {
        return memory;
    }

    @Override
    public void close() {
        over = true;
    }
}
