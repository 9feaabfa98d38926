package dk.elleve.audit.answers;

import dk.elleve.audit.capture.Capture;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Measures the audit log's own claim: that every change has an author. Says so each minute, and at
/// once when it ceases to be true. While a source is not being read nothing is said, and the claim
/// becomes stale.
@Component
class AttributionWatch {

    static final String CLAIM = "access.attributed";

    private static final Duration LOOKS_BACK = Duration.ofHours(24);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration ALIVE = Duration.ofSeconds(30);

    private final Capture capture;
    private final AnswerStore store;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private Instant saidAt = Instant.EPOCH;
    private boolean saidHolds = true;

    AttributionWatch(Capture capture, AnswerStore store, Transactions transactions, Outbox outbox, Clock clock) {
        this.capture = capture;
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 2_000)
    void look() {
        var now = clock.instant();
        if (!capture.sawAllSince(now.minus(ALIVE))) {
            return;
        }
        long without = transactions.read(Scope.platform(), () -> store.withoutAuthor(now.minus(LOOKS_BACK)));
        boolean holds = without == 0;
        if (holds == saidHolds && now.isBefore(saidAt.plus(EVERY))) {
            return;
        }
        transactions.run(
                Scope.platform(),
                Actor.system("audit/attribution-watch"),
                () -> outbox.add(
                        Topic.AUDIT_EVIDENCE,
                        CLAIM,
                        null,
                        new Evidence(
                                Ids.nextText(),
                                CLAIM,
                                holds,
                                now,
                                Map.of(
                                        "changesWithoutAuthor24h",
                                        Long.toString(without),
                                        "sources",
                                        String.join(" ", capture.sources())))));
        saidAt = now;
        saidHolds = holds;
    }
}
