package dk.elleve.audit.retention;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Takes away what entries say when its time is over. What was taken away, and that it was, are one transaction; two
/// instances may do it at once and take different entries.
@Component
class Expiry {

    private static final Logger log = LoggerFactory.getLogger(Expiry.class);
    private static final Actor ACTOR = Actor.system("audit/retention");

    /// The log waits while the stretches of so many entries are summed up anew: a fraction of a second.
    private static final int STEP = 500;

    private final RetentionStore store;
    private final Journal journal;
    private final Transactions transactions;
    private final Clock clock;

    Expiry(RetentionStore store, Journal journal, Transactions transactions, Clock clock) {
        this.store = store;
        this.journal = journal;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 30_000, fixedDelay = 600_000)
    void run() {
        long gone = 0;
        long step;
        do {
            step = transactions.write(Scope.platform(), ACTOR, this::step);
            gone += step;
        } while (step == STEP);
        if (gone > 0) {
            log.info("What {} entries said was taken away: its time was over", gone);
        }
    }

    private long step() {
        var expired = store.expire(STEP);
        journal.add(expired.stream()
                .map(each -> new NewEntry(
                        Ids.next(),
                        EntryKind.ERASURE,
                        Set.of(Mark.ERASURE, Mark.SYSTEM),
                        each.tenant(),
                        clock.instant(),
                        new Content(
                                ACTOR,
                                "retention/" + each.of().word(),
                                null,
                                Map.of(
                                        "entries", each.entries(),
                                        "newest", each.newest().toString()),
                                Map.of())))
                .toList());
        return expired.stream().mapToLong(RetentionStore.Expired::entries).sum();
    }
}
