package dk.elleve.audit.capture;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Reads one source for as long as the service runs. No position is stored here: the slot knows how far it was told,
/// the watermark knows what is in the log, and whatever comes twice is passed over (RATIONALE.md).
final class SourceStream implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(SourceStream.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);
    private static final Properties ENGINE = engine();

    private final SourceDatabase database;
    private final CaptureProperties.Endpoint endpoint;
    private final Intake intake;
    private final FingerprintKeys keys;
    private final CaptureCounters counters;
    private final JsonMapper json;
    private final Clock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final AtomicReference<@Nullable DebeziumEngine<?>> engine = new AtomicReference<>();
    private volatile Instant alive = Instant.EPOCH;

    SourceStream(
            SourceDatabase database,
            CaptureProperties.Endpoint endpoint,
            Intake intake,
            FingerprintKeys keys,
            CaptureCounters counters,
            JsonMapper json,
            Clock clock) {
        this.database = database;
        this.endpoint = endpoint;
        this.intake = intake;
        this.keys = keys;
        this.counters = counters;
        this.json = json;
        this.clock = clock;
    }

    /// When the stream last gave a sign of life; a quiet source gives one each second.
    Instant alive() {
        return alive;
    }

    String database() {
        return database.name();
    }

    @Override
    public void run() {
        var pause = FIRST_PAUSE;
        try {
            do {
                var started = clock.instant();
                try {
                    read();
                } catch (SQLException | RuntimeException e) {
                    log.warn("Reading {} stopped and starts again", database.name(), e);
                }
                pause = Duration.between(started, clock.instant()).compareTo(LONGEST_PAUSE) > 0
                        ? FIRST_PAUSE
                        : pause.multipliedBy(2);
                pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            } while (!stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        stopping.countDown();
        var running = engine.get();
        if (running != null) {
            try {
                running.close();
            } catch (IOException | IllegalStateException notRunning) {
                log.debug("The engine of {} was not running", database.name(), notRunning);
            }
        }
    }

    private void read() throws SQLException {
        var source = database.identify();
        var slot = database.state();
        intake.begin(source, slot);
        if (!slot.usable()) {
            database.renew();
            intake.renewed(source, database.state());
        }
        var failure = new AtomicReference<@Nullable Throwable>();
        var collector = new Collector(json, new ChangeHash(keys.ofRows().rowHash(database.name())));
        var made = DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                .using(settings())
                .using((DebeziumEngine.CompletionCallback) (success, message, error) -> failure.set(error))
                .notifying(
                        (List<RecordChangeEvent<SourceRecord>> records,
                                DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer) ->
                                take(source, collector, records, committer))
                .build();
        engine.set(made);
        try (collector) {
            if (stopping.getCount() > 0) {
                made.run();
            }
        } finally {
            engine.set(null);
        }
        var error = failure.get();
        if (error != null) {
            throw new IllegalStateException("The engine of " + database.name() + " stopped", error);
        }
    }

    /// Durable first, then the slot is told. A batch may end inside a transaction; its beginning waits in the
    /// collector and is not told to the slot.
    private void take(
            SourceId source,
            Collector collector,
            List<RecordChangeEvent<SourceRecord>> records,
            DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
            throws InterruptedException {
        var whole = new ArrayList<RowTransaction>();
        RecordChangeEvent<SourceRecord> mark = null;
        long released = 0;
        for (var each : records) {
            switch (collector.accept(each.record())) {
                case Collector.Whole(var transaction) -> {
                    whole.add(transaction);
                    mark = each;
                    released = Math.max(released, Math.max(transaction.commitLsn(), told(each)));
                }
                case Collector.Alive(long lsn) -> {
                    // Everything that committed before this position has come. What the slot would be told by this
                    // record may never be more than that.
                    if (told(each) <= lsn) {
                        mark = each;
                        released = Math.max(released, told(each));
                    }
                }
                case Collector.Nothing nothing -> {}
            }
        }
        if (mark != null) {
            long changes =
                    whole.stream().mapToLong(each -> each.changes().size()).sum();
            counters.seen(database.name(), changes);
            try {
                intake.take(source, whole, released);
            } catch (RuntimeException away) {
                counters.failed(database.name(), changes); // the slot sends them again
                throw away;
            }
            whole.forEach(transaction -> transaction.changes().close());
            committer.markProcessed(mark);
        }
        committer.markBatchFinished();
        alive = clock.instant();
    }

    /// The furthest position in a record's offset: the slot is told one of them when the record is marked.
    private static long told(RecordChangeEvent<SourceRecord> event) {
        Map<String, ?> offset = event.record().sourceOffset();
        long furthest = 0;
        for (var name : List.of("lsn_commit", "lsn_proc", "lsn")) {
            if (offset.get(name) instanceof Number lsn) {
                furthest = Math.max(furthest, lsn.longValue());
            }
        }
        return furthest;
    }

    private Properties settings() {
        var settings = new Properties();
        settings.putAll(ENGINE);
        settings.setProperty("name", "audit-" + database.name());
        settings.setProperty("database.hostname", endpoint.host());
        settings.setProperty("database.port", Integer.toString(endpoint.port()));
        settings.setProperty("database.user", endpoint.user());
        settings.setProperty("database.password", endpoint.password());
        settings.setProperty("database.dbname", database.name());
        settings.setProperty("topic.prefix", database.name());
        settings.setProperty("slot.name", database.slot());
        return settings;
    }

    /// Each default that is overridden there loses or delays something.
    private static Properties engine() {
        try (var in = Objects.requireNonNull(SourceStream.class.getResourceAsStream("engine.properties"))) {
            var settings = new Properties();
            settings.load(in);
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
