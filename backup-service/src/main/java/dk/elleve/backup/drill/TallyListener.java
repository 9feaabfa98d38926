package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.messaging.UnreadableEvent;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears what tables must hold by the log of their changes. An event is told to one process only,
/// and it need not be the one whose cluster it is about; nor need that cluster be known yet. So
/// what is said of any cluster is kept.
@Component
class TallyListener {

    private static final Actor ACTOR = Actor.system("backup/tallies");

    private final Transactions transactions;
    private final Inbox inbox;
    private final LogMarkStore store;

    TallyListener(Transactions transactions, Inbox inbox, LogMarkStore store) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.store = store;
    }

    @KafkaListener(topics = "audit.tallies.v1")
    void on(Received received) {
        if (!(received.event() instanceof TablesTallied tallied)) {
            throw new UnreadableEvent("Only tallies are told on this topic");
        }
        try {
            Lsn.parse(tallied.position());
        } catch (IllegalArgumentException e) {
            throw new UnreadableEvent(String.valueOf(e.getMessage()));
        }
        transactions.run(
                Scope.platform(), ACTOR, () -> inbox.once("backup/tallies", received.id(), () -> store.add(tallied)));
    }
}
