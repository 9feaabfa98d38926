package dk.elleve.kit.outbox;

import dk.elleve.kit.messaging.EventSender;
import dk.elleve.kit.messaging.SetAsideStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionTemplate;

/// Sends what waits in the outbox: one relay of all instances at a time, in the order the rows were added.
///
/// A crash between the broker's answer and the commit of the removal sends the same events again, with the same ids.
final class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int BATCH = 500;
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final OutboxStore store;
    private final SetAsideStore setAside;
    private final EventSender sender;
    private final TransactionTemplate transaction;
    private final Signal signal;
    private final Counter gone;
    private volatile boolean running;
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});

    OutboxRelay(
            OutboxStore store,
            SetAsideStore setAside,
            EventSender sender,
            TransactionTemplate transaction,
            Signal signal,
            MeterRegistry meters) {
        this.store = store;
        this.setAside = setAside;
        this.sender = sender;
        this.transaction = transaction;
        this.signal = signal;
        this.gone = OutboxSampler.SENT.counter(meters);
    }

    /// Sends one batch.
    ///
    /// @return how many rows left the outbox
    int relay() {
        Integer left = transaction.execute(status -> {
            if (!store.tryLead()) {
                return 0;
            }
            var waiting = store.oldest(BATCH);
            if (waiting.isEmpty()) {
                return 0;
            }
            var sent =
                    sender.send(waiting.stream().map(OutboxStore.Waiting::event).toList());
            var done = new ArrayList<Long>();
            for (int i = 0; i < waiting.size(); i++) {
                var row = waiting.get(i);
                try {
                    sent.get(i).join();
                    done.add(row.sequence());
                } catch (CompletionException failed) {
                    if (!EventSender.isRefused(failed)) {
                        // Those behind it stay too, even if they were sent: sent again they stand in the right order.
                        log.warn(
                                "Kafka is away; {} events wait in the outbox and are sent when it is back",
                                waiting.size() - i,
                                failed);
                        break;
                    }
                    var topic = row.event().topic().wireName();
                    setAside.keep(row.event(), row.sequence(), String.valueOf(failed.getCause()));
                    log.error("Kafka refuses an event of {}; it waits for ./elleve set-aside", topic, failed);
                    done.add(row.sequence());
                }
            }
            store.remove(done);
            gone.increment(done.size());
            return done.size();
        });
        return left == null ? 0 : left;
    }

    private void loop() {
        while (running) {
            try {
                if (relay() < BATCH) {
                    signal.await(IDLE);
                }
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException failed) {
                if (running) {
                    log.warn("The outbox could not be read; trying again in a second", failed);
                    try {
                        signal.await(IDLE);
                    } catch (InterruptedException stopped) {
                        return;
                    }
                }
            }
        }
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("outbox-relay").start(this::loop);
    }

    @Override
    public void stop() {
        running = false;
        signal.raise();
        try {
            thread.join(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// Started early and stopped late: what is added while the service stops still leaves if it can.
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE + 1000;
    }
}
