package dk.elleve.local;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// People who ask every service for something now and then, so that there is something to measure.
final class Visitors implements AutoCloseable {

    private static final String[][] ASKED = {
        {null, "/answers"},
        {"auditor", "/audit/entries?limit=1"},
        {"administrator", "/tenants"},
        {"administrator", "/backups/status"},
        {"dpo", "/breaches"},
        {"nord-user", "/areas/customers/collections/people/records?limit=2"},
        {"havn-user", "/areas/customers/collections/people/records?limit=2"}, // not theirs: refused, and on record
        {null, "/tenants"}, // without a token
    };

    private final Api api;
    private final ScheduledExecutorService walk =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

    Visitors(Installation house) {
        this.api = new Api(house, Clock.systemUTC());
        walk.scheduleWithFixedDelay(this::round, 0, 2, TimeUnit.SECONDS);
    }

    private void round() {
        for (var asked : ASKED) {
            try {
                api.get(asked[0], asked[1]);
            } catch (InterruptedException ended) {
                return;
            } catch (Exception away) {
                // A panel without numbers says it.
                System.out.println(asked[1] + " was not answered: " + away);
            }
        }
    }

    @Override
    public void close() {
        walk.shutdownNow();
        api.close();
    }
}
