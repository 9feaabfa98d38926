package dk.elleve.breach.notice;

import dk.elleve.breach.incident.Bell;
import dk.elleve.breach.incident.Incident;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Instant;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Rings for the data protection officer: one mail for a new case at once, and for what comes after it at most one
/// in each pause, so that a thousand findings are not a thousand mails and none goes untold.
@Component
class DpoBell implements Bell {

    private final MailStore store;
    private final MailSignal signal;
    private final NoticeProperties properties;
    private final Clock clock;

    DpoBell(MailStore store, MailSignal signal, NoticeProperties properties, Clock clock) {
        this.store = store;
        this.signal = signal;
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public void opened(Incident incident) {
        queue(incident, false, clock.instant());
    }

    @Override
    public void grown(Incident incident) {
        var now = clock.instant();
        var quietUntil = store.lastSent(incident.id())
                .map(sent -> sent.plus(properties.mailPause()))
                .orElse(now);
        queue(incident, true, quietUntil.isAfter(now) ? quietUntil : now);
    }

    private void queue(Incident incident, boolean further, Instant dueAt) {
        store.queue(Ids.nextText(), incident, further, clock.instant(), dueAt);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                signal.raise();
            }
        });
    }
}
