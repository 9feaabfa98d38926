package dk.elleve.audit.capture;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// One stream for each source database.
@Component
public class Capture implements SmartLifecycle {

    private final List<SourceStream> streams;
    private final Clock clock;
    private @Nullable ExecutorService threads;

    Capture(
            CaptureProperties properties,
            Intake intake,
            FingerprintKeys keys,
            CaptureCounters counters,
            JsonMapper json,
            Clock clock) {
        this.clock = clock;
        this.streams = properties.sources().stream()
                .map(name -> new SourceStream(
                        new SourceDatabase(properties.capture(), name),
                        properties.capture(),
                        intake,
                        keys,
                        counters,
                        json,
                        clock))
                .toList();
    }

    public List<String> sources() {
        return streams.stream().map(SourceStream::database).toList();
    }

    /// How long ago each source gave a sign of life.
    Map<String, Duration> silences() {
        var now = clock.instant();
        return streams.stream()
                .collect(Collectors.toMap(SourceStream::database, stream -> Duration.between(stream.alive(), now)));
    }

    /// Whether every source has given a sign of life since then.
    public boolean sawAllSince(Instant then) {
        return streams.stream().allMatch(stream -> stream.alive().isAfter(then));
    }

    @Override
    public void start() {
        var started = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("capture-", 0).factory());
        streams.forEach(started::execute);
        threads = started;
    }

    @Override
    public void stop() {
        var started = threads;
        if (started == null) {
            return;
        }
        streams.parallelStream().forEach(SourceStream::stop);
        started.shutdown();
        try {
            if (!started.awaitTermination(10, TimeUnit.SECONDS)) {
                started.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads = null;
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }
}
