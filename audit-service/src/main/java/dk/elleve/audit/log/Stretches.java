package dk.elleve.audit.log;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Compares what stretches say with their leaves, again and again: of a stretch that says too little
/// no filter finds the entries. Only somebody with every right on the database can make it so; it is
/// summed up anew and told. A log of a million entries is gone through in ten minutes.
@Component
class Stretches {

    private static final int AT_A_TIME = 64;

    private static final Actor ACTOR = Actor.system("audit/stretches");

    private static final Logger log = LoggerFactory.getLogger(Stretches.class);

    private final LogStore store;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private long next;

    Stretches(LogStore store, Transactions transactions, Outbox outbox, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Scheduled(initialDelay = 60_000, fixedDelay = 10_000)
    synchronized void look() {
        long end = transactions.read(Scope.platform(), store::newestStretch);
        long last = Math.min(next + AT_A_TIME, end) - 1;
        var wrong = transactions.read(Scope.platform(), () -> store.wrongStretches(next, last));
        if (!wrong.isEmpty()) {
            mend(wrong);
        }
        next = last + 1 < end ? last + 1 : 0;
    }

    private void mend(List<Long> wrong) {
        var numbers = wrong.stream().map(String::valueOf).collect(Collectors.joining(" "));
        log.error("Stretches that did not say what their leaves are, and are summed up anew: {}", numbers);
        var now = clock.instant();
        transactions.run(Scope.platform(), ACTOR, () -> {
            store.lead();
            store.sumUp(wrong);
            outbox.add(
                    Topic.AUDIT_FINDINGS,
                    "platform",
                    null,
                    new Finding(
                            "stretches-" + EventIds.of(now, numbers),
                            "database-difference",
                            Finding.Severity.HIGH,
                            null,
                            now,
                            null,
                            "audit/stretch",
                            Map.of("database", "audit", "table", "stretch", "changed", numbers)));
        });
    }
}
