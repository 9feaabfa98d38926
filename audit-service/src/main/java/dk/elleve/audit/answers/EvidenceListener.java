package dk.elleve.audit.answers;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.EventIds;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.kit.inbox.Inbox;
import dk.elleve.kit.messaging.Received;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Every measurement becomes an entry of the log, and the newest of each claim decides its state.
@Component
class EvidenceListener {

    private static final Logger log = LoggerFactory.getLogger(EvidenceListener.class);
    private static final Actor ACTOR = Actor.system("audit/answers");

    private final Transactions transactions;
    private final Inbox inbox;
    private final Journal journal;
    private final AnswerStore store;
    private final Clock clock;

    EvidenceListener(Transactions transactions, Inbox inbox, Journal journal, AnswerStore store, Clock clock) {
        this.transactions = transactions;
        this.inbox = inbox;
        this.journal = journal;
        this.store = store;
        this.clock = clock;
    }

    @KafkaListener(
            topics = {
                "identity.evidence.v1",
                "tenantdata.evidence.v1",
                "gateway.evidence.v1",
                "backup.evidence.v1",
                "breach.evidence.v1",
                "audit.evidence.v1",
                "deploy.evidence.v1"
            })
    void on(Received received) {
        if (!(received.event() instanceof Evidence evidence)) {
            return;
        }
        transactions.run(
                Scope.platform(),
                ACTOR,
                () -> inbox.once("audit/answers", received.id(), () -> take(received, evidence)));
    }

    private void take(Received received, Evidence evidence) {
        var eventId = EventIds.of(received.topic().wireName(), received.id());
        var said = new LinkedHashMap<String, @Nullable Object>(evidence.facts());
        said.put("holds", evidence.holds());
        journal.add(new NewEntry(
                eventId,
                EntryKind.EVIDENCE,
                Set.of(Mark.SYSTEM),
                null,
                evidence.measuredAt(),
                new Content(
                        Actor.system(received.topic().owner()),
                        "claim/" + evidence.claim(),
                        null,
                        said,
                        Map.of("topic", received.topic().wireName(), "event", received.id()))));
        var claim = Catalogue.find(evidence.claim());
        if (claim.isEmpty()) {
            return; // kept in the log; no answer rests on it
        }
        if (claim.get().owner() != received.topic()) {
            log.warn(
                    "Evidence for {} came on {}: it does not count",
                    evidence.claim(),
                    received.topic().wireName());
            return;
        }
        // A service whose clock runs ahead would keep its claim proven for longer, and deafen it for later
        // measurements.
        var now = clock.instant();
        store.measured(
                evidence.measuredAt().isAfter(now)
                        ? new Evidence(evidence.id(), evidence.claim(), evidence.holds(), now, evidence.facts())
                        : evidence,
                eventId);
    }
}
