package dk.elleve.audit.siem;

import dk.elleve.audit.checkpoint.Publisher;
import dk.elleve.audit.search.EntryFeed;
import dk.elleve.kit.tenancy.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// All receivers, each with a thread of its own: one that stands still holds up nobody else.
@Component
class Senders implements SmartLifecycle {

    private static final long PAUSE_MILLIS = 500;
    private static final long GOODBYE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(Senders.class);

    private final List<Sender> senders;
    private final SiemStore.Lead lead;
    private @Nullable ScheduledExecutorService threads;

    /// @throws IllegalStateException if certificates cannot be used: better now than when they are
    ///     needed
    Senders(
            SiemProperties properties,
            SiemStore store,
            EntryFeed feed,
            Publisher publisher,
            Transactions transactions,
            Clock clock,
            MeterRegistry meters) {
        this.lead = store.lead();
        for (var destination : properties.siem()) {
            try {
                SyslogConnection.context(destination);
            } catch (IOException unusable) {
                throw new IllegalStateException(
                        "elleve.audit.siem " + destination.name() + ": its files cannot be used", unusable);
            }
        }
        this.senders = properties.siem().stream()
                .map(destination -> new Sender(destination, lead, store, feed, publisher, transactions, clock, meters))
                .toList();
        if (senders.isEmpty()) {
            // Without a receiver the series are there, with nobody's name and at 0.
            Sender.MESSAGES.counter(meters, "destination", "");
            Sender.FAILURES.counter(meters, "destination", "");
        }
    }

    @Override
    public void start() {
        if (senders.isEmpty()) {
            return;
        }
        var executor = Executors.newScheduledThreadPool(
                senders.size(), Thread.ofPlatform().daemon().name("siem-", 0).factory());
        senders.forEach(sender ->
                executor.scheduleWithFixedDelay(sender::turn, PAUSE_MILLIS, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
        threads = executor;
    }

    @Override
    public void stop() {
        var executor = threads;
        if (executor == null) {
            return;
        }
        executor.shutdown();
        senders.forEach(Sender::stop);
        try {
            if (!executor.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                senders.forEach(Sender::abort);
                executor.shutdownNow();
                if (!executor.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                    log.warn("A sender of the log does not end; the process ends without it");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        senders.forEach(Sender::close);
        lead.close();
        threads = null;
    }

    @Override
    public boolean isRunning() {
        return threads != null;
    }
}
