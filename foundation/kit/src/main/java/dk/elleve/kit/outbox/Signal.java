package dk.elleve.kit.outbox;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Wakes the relay after a commit, so that news leaves at once and an idle service asks the database seldom.
final class Signal {

    private final Semaphore raised = new Semaphore(0);

    void raise() {
        raised.release();
    }

    void await(Duration longest) throws InterruptedException {
        if (raised.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            raised.drainPermits();
        }
    }
}
