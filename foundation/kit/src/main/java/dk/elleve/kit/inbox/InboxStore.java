package dk.elleve.kit.inbox;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

final class InboxStore implements Inbox {

    private final JdbcClient jdbc;

    InboxStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
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
        return fresh;
    }
}
