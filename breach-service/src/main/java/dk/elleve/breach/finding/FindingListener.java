package dk.elleve.breach.finding;

import dk.elleve.breach.incident.Incidents;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.messaging.UnreadableEvent;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears the findings of every service. Each belongs to exactly one case, however often it is said: the event is
/// known by its id, the finding by its own.
@Component
class FindingListener {

    private static final Actor ACTOR = Actor.system("breach/findings");

    private final Transactions transactions;
    private final Inbox inbox;
    private final FindingStore store;
    private final Incidents incidents;
    private final Clock clock;

    FindingListener(Transactions transactions, Inbox inbox, FindingStore store, Incidents incidents, Clock clock) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.store = store;
        this.incidents = incidents;
        this.clock = clock;
    }

    @KafkaListener(
            topics = {
                "identity.findings.v1",
                "gateway.findings.v1",
                "tenantdata.findings.v1",
                "backup.findings.v1",
                "audit.findings.v1"
            })
    void on(Received received) {
        if (!(received.event() instanceof Finding finding)) {
            throw new UnreadableEvent(
                    "Only findings are said on " + received.topic().wireName());
        }
        transactions.run(
                Scope.platform(),
                ACTOR,
                () -> inbox.once("breach/findings", received.id(), () -> take(received, finding)));
    }

    private void take(Received received, Finding finding) {
        if (store.knows(finding.id())) {
            return;
        }
        var incident = incidents.hear(finding, ACTOR);
        store.insert(finding, incident.id(), received.topic().owner(), clock.instant());
    }
}
