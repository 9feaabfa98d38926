package dk.elleve.kit.inbox;

import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

final class InboxStore implements Inbox {

    private static final Measure EVENTS =
            new Measure("elleve.inbox.events", "Events heard, by listener and whether they were new or came again");

    private final JdbcClient jdbc;
    private final MeterRegistry meters;

    InboxStore(JdbcClient jdbc, MeterRegistry meters) {
        this.jdbc = jdbc;
        this.meters = meters;
    }

    /// No topic but a compacted one keeps an event for longer than 30 days, so none can come twice that far apart. On a
    /// compacted topic an event is the whole state of its key: hearing it again after so long changes nothing.
    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    int forgetOld() {
        return jdbc.sql("DELETE FROM kit.inbox WHERE seen_at < now() - interval '60 days'")
                .update();
    }

    @Override
    public boolean once(String listener, String eventId, Runnable work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "An event is handled inside the transaction that its work changes things in");
        }
        // A second instance with the same event waits here until the first has committed or rolled back.
        var fresh = jdbc.sql("""
                        INSERT INTO kit.inbox (listener, event_id)
                        VALUES (?, ?)
                        ON CONFLICT DO NOTHING
                        """).params(listener, eventId).update() == 1;
        if (fresh) {
            work.run();
        }
        countWhenCommitted(listener, fresh);
        return fresh;
    }

    private void countWhenCommitted(String listener, boolean fresh) {
        var handled = EVENTS.counter(meters, "listener", listener, "outcome", "handled");
        var repeated = EVENTS.counter(meters, "listener", listener, "outcome", "repeated");
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                (fresh ? handled : repeated).increment();
            }
        });
    }
}
