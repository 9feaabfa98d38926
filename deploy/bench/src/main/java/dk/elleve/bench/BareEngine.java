package dk.elleve.bench;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/// The peer: the same engine with the settings that the service itself gives it, read from the service's jar. It counts
/// rows and does nothing else with them.
final class BareEngine implements AutoCloseable {

    private static final String SETTINGS = "/dk/elleve/audit/capture/engine.properties";

    private final Clock clock;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicReference<Latencies> latencies = new AtomicReference<>(new Latencies());
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final DebeziumEngine<?> engine;
    private final Thread thread;

    BareEngine(Given given, Clock clock) throws IOException {
        this.clock = clock;
        this.engine = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings(given))
                .using((DebeziumEngine.CompletionCallback) (success, message, error) -> failure.set(error))
                .notifying(this::count)
                .build();
        this.thread = Thread.ofPlatform().daemon().name("bare-engine").start(engine);
    }

    private static Properties settings(Given given) throws IOException {
        var settings = new Properties();
        try (var in = Objects.requireNonNull(BareEngine.class.getResourceAsStream(SETTINGS), SETTINGS)) {
            settings.load(in);
        }
        settings.setProperty("name", "bench");
        settings.setProperty("database.hostname", given.text("database.host"));
        settings.setProperty("database.port", given.text("database.port"));
        settings.setProperty("database.user", "postgres");
        settings.setProperty("database.password", given.text("password.postgres"));
        settings.setProperty("database.dbname", PeerDatabase.NAME);
        settings.setProperty("topic.prefix", PeerDatabase.NAME);
        settings.setProperty("slot.name", PeerDatabase.SLOT);
        return settings;
    }

    private void count(
            List<RecordChangeEvent<SourceRecord>> records,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        var into = latencies.get();
        long seen = 0;
        for (var each : records) {
            if (each.record().value() instanceof Struct value
                    && value.schema().field("op") != null
                    && !"m".equals(value.getString("op"))) {
                seen++;
                into.add(now - value.getStruct("source").getInt64("ts_us"));
            }
        }
        rows.addAndGet(seen);
        committer.markProcessed(records.getLast());
        committer.markBatchFinished();
    }

    /// How many rows have come.
    long rows() {
        var error = failure.get();
        if (error != null) {
            throw new IllegalStateException("The bare engine stopped", error);
        }
        return rows.get();
    }

    /// Those since this was last asked.
    Latencies latencies() {
        return latencies.getAndSet(new Latencies());
    }

    @Override
    public void close() throws IOException {
        engine.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
