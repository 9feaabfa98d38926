package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.LogDamaged;
import dk.elleve.audit.log.Sequencer;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Turns the log's wheel: sequence, integrate, publish, tidy. What fails because something is away is
/// tried again; what is damaged stops the wheel for good and is told.
@Component
class Rounds implements SmartLifecycle {

    private static final Measure REFUSED = new Measure(
            "elleve.audit.log.refused", "1 when the log stands still because it is damaged, until a restart");

    private static final Logger log = LoggerFactory.getLogger(Rounds.class);

    private final Sequencer sequencer;
    private final Publisher publisher;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private final CheckpointProperties properties;
    private final AtomicInteger stopped;
    private @Nullable ScheduledExecutorService thread;
    private volatile boolean checked;

    Rounds(
            Sequencer sequencer,
            Publisher publisher,
            Transactions transactions,
            Outbox outbox,
            Clock clock,
            CheckpointProperties properties,
            MeterRegistry meters) {
        this.sequencer = sequencer;
        this.publisher = publisher;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
        this.properties = properties;
        this.stopped = new AtomicInteger();
        REFUSED.gauge(meters, stopped, AtomicInteger::get);
    }

    /// One turn.
    ///
    /// @throws LogDamaged when the log must not go on
    void turn() {
        if (!checked) {
            publisher.checkAgainstAnchors();
            checked = true;
        }
        boolean more;
        do {
            more = sequencer.sequence();
            sequencer.integrate();
            publisher.publish();
            sequencer.tidy();
        } while (more);
    }

    private void guardedTurn() {
        try {
            turn();
        } catch (LogDamaged damaged) {
            log.error("The log stands still: nothing is written or signed until a person has looked", damaged);
            stopped.set(1);
            var executor = thread;
            if (executor != null) {
                executor.shutdown();
            }
            tell(damaged);
        } catch (RuntimeException away) {
            log.warn("A round of the log failed and is tried again", away);
        }
    }

    private void leave() {
        try {
            sequencer.leave();
        } catch (RuntimeException away) {
            log.warn("Partial tiles that nobody needs stay in blob storage", away);
        }
    }

    private void tell(LogDamaged damaged) {
        var now = clock.instant();
        transactions.run(
                Scope.platform(),
                Actor.system("audit/rounds"),
                () -> outbox.add(
                        Topic.AUDIT_FINDINGS,
                        "platform",
                        null,
                        new Finding(
                                "log-damaged-" + now.getEpochSecond(),
                                "log-damaged",
                                Finding.Severity.HIGH,
                                null,
                                now,
                                null,
                                "audit/log",
                                Map.of("reason", String.valueOf(damaged.getMessage())))));
    }

    @Override
    public void start() {
        var executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("log-rounds").factory());
        long round = properties.round().toMillis();
        // At a rate: while the log grows fast, a turn takes the better part of a round, and no time is to be lost.
        executor.scheduleAtFixedRate(this::guardedTurn, round, round, TimeUnit.MILLISECONDS);
        thread = executor;
    }

    @Override
    public void stop() {
        var executor = thread;
        if (executor == null) {
            return;
        }
        if (!executor.isShutdown()) {
            executor.execute(this::leave);
        }
        executor.shutdown();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }
}
