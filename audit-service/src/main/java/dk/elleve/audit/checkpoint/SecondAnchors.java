package dk.elleve.audit.checkpoint;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Now and then the newest checkpoint is anchored outside this installation, too, where the
/// operator does not reach. It is shown long before: what fails here holds up nothing.
@Component
class SecondAnchors implements SmartLifecycle, Sampler {

    private static final Measure AGE = new Measure(
            "elleve.audit.second.anchor.age",
            "seconds",
            "How long ago a checkpoint was anchored elsewhere; 0 while the newest one is, or where none is wanted");
    private static final Measure EVERY = new Measure(
            "elleve.audit.second.anchor.interval", "seconds", "How often a checkpoint is to be anchored elsewhere");
    private static final Measure FAILURES =
            new Measure("elleve.audit.second.anchor.failures", "Attempts to anchor a checkpoint elsewhere that failed");

    private static final List<String> KINDS = List.of(WebhookAnchor.KIND, TimestampAnchor.KIND);
    private static final Actor ACTOR = Actor.system("audit/second-anchors");
    private static final Duration REST = Duration.ofMinutes(1);
    private static final long LOOKS_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(SecondAnchors.class);

    private final SecondAnchorProperties properties;
    private final SecondAnchorStore store;
    private final Publisher publisher;
    private final Transactions transactions;
    private final Clock clock;
    private final Map<SecondAnchor, Counter> anchors = new LinkedHashMap<>();
    private @Nullable ScheduledExecutorService thread;

    /// @throws IllegalStateException if files it is given cannot be used: better now than when they
    ///     are needed
    SecondAnchors(
            SecondAnchorProperties properties,
            SecondAnchorStore store,
            Publisher publisher,
            Anchors firstAnchors,
            LogKey key,
            Transactions transactions,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.store = store;
        this.publisher = publisher;
        this.transactions = transactions;
        this.clock = clock;
        // There from now on at 0, also where none is wanted.
        var failures =
                KINDS.stream().collect(Collectors.toMap(kind -> kind, kind -> FAILURES.counter(meters, "kind", kind)));
        try {
            if (properties.webhook() != null) {
                add(new WebhookAnchor(properties.webhook(), key.origin()), failures);
            }
            if (properties.timestamp() != null) {
                add(new TimestampAnchor(properties.timestamp(), firstAnchors), failures);
            }
        } catch (IOException | RuntimeException unusable) {
            throw new IllegalStateException("elleve.audit.second-anchor: its files cannot be used", unusable);
        }
    }

    private void add(SecondAnchor anchor, Map<String, Counter> failures) {
        anchors.put(anchor, Objects.requireNonNull(failures.get(anchor.kind())));
    }

    /// One look.
    void turn() {
        anchors.forEach((anchor, failures) -> {
            try {
                look(anchor);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException | RuntimeException away) {
                failures.increment();
                log.warn("No second anchor of the kind {}; it is tried again in {}", anchor.kind(), REST, away);
            }
        });
    }

    private void look(SecondAnchor anchor) throws IOException, InterruptedException {
        var kind = anchor.kind();
        var published = publisher.published();
        if (published.isEmpty()) {
            return;
        }
        // As the database keeps it, which rounds: what is wanted now is due now.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var done = transactions.read(Scope.platform(), () -> store.done(kind));
        if (done.isEmpty()) {
            transactions.run(Scope.platform(), ACTOR, () -> store.want(kind, now));
            done = transactions.read(Scope.platform(), () -> store.done(kind));
        }
        // Said before it is begun: no other instance does the same, and a crash is a failure like others.
        if (done.isPresent()
                && done.get().due(published.get().size(), now)
                && transactions.write(Scope.platform(), ACTOR, () -> store.begin(kind, now, now.plus(REST)))) {
            anchor.anchor(published.get());
            transactions.run(
                    Scope.platform(),
                    ACTOR,
                    () -> store.end(kind, published.get().size(), now, now.plus(properties.every())));
        }
    }

    @Override
    public String name() {
        return "second-anchors";
    }

    @Override
    public void sample(Sample sample) {
        var wanted = anchors.keySet().stream().map(SecondAnchor::kind).toList();
        long size = publisher.published().map(Publisher.Published::size).orElse(0L);
        for (var kind : KINDS) {
            sample.put(EVERY, properties.every(), "kind", kind);
            var done = wanted.contains(kind)
                    ? transactions.read(Scope.platform(), () -> store.done(kind))
                    : Optional.<SecondAnchorStore.Done>empty();
            sample.put(
                    AGE,
                    done.filter(each -> each.size() < size)
                            .map(each -> Duration.between(each.at(), clock.instant()))
                            .orElse(Duration.ZERO),
                    "kind",
                    kind);
        }
    }

    @Override
    public void start() {
        if (anchors.isEmpty()) {
            return;
        }
        var executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("second-anchors").factory());
        executor.scheduleWithFixedDelay(this::turn, LOOKS_SECONDS, LOOKS_SECONDS, TimeUnit.SECONDS);
        thread = executor;
    }

    @Override
    public void stop() {
        var executor = thread;
        if (executor == null) {
            return;
        }
        // What is under way is given up: it is done again after the start.
        executor.shutdownNow();
        anchors.keySet().forEach(SecondAnchor::close);
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("A second anchor does not end; the process ends without it");
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
