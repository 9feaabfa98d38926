package dk.elleve.audit.change;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.backup.BackupEvent.BackupCompleted;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Remembers of each backup when it was complete. A group of its own, since the same topic is also heard for the log:
/// in
/// one group each of the two would be given a part of it.
@Component
class BackupListener {

    private static final Actor ACTOR = Actor.system("audit/change");

    private final Transactions transactions;
    private final ChangeStore store;

    BackupListener(Transactions transactions, ChangeStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    /// May hear the same twice.
    @KafkaListener(topics = "backup.runs.v1", groupId = "audit-changes")
    void on(Received received) {
        if (received.event() instanceof BackupCompleted backup) {
            transactions.run(Scope.platform(), ACTOR, () -> store.seen(backup.backup(), backup.completedAt()));
        }
    }
}
