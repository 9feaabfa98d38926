package dk.elleve.audit.change;

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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Measures the claim on changes from the register: says each hour how it stands, and at once when that changes. While
/// the register is empty nothing is said, for nothing has been shown.
@Component
class ChangeWatch {

    static final String CLAIM = "change.window";

    private static final Duration EVERY = Duration.ofHours(1);

    private final ChangeStore store;
    private final ChangeRule rule;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private Instant saidAt = Instant.EPOCH;
    private ChangeRule.@Nullable Verdict said;

    ChangeWatch(ChangeStore store, ChangeProperties properties, Transactions transactions, Outbox outbox, Clock clock) {
        this.store = store;
        this.rule = properties.rule();
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = 2_000)
    void look() {
        var now = clock.instant();
        var verdict = transactions.read(Scope.platform(), () -> judge(now)).orElse(null);
        if (verdict == null || (verdict.equals(said) && now.isBefore(saidAt.plus(EVERY)))) {
            return;
        }
        transactions.run(
                Scope.platform(),
                Actor.system("audit/change-watch"),
                () -> outbox.add(
                        Topic.AUDIT_EVIDENCE,
                        CLAIM,
                        null,
                        new Evidence(Ids.nextText(), CLAIM, verdict.holds(), now, verdict.facts())));
        saidAt = now;
        said = verdict;
    }

    private Optional<ChangeRule.Verdict> judge(Instant now) {
        var changes = store.since(now.minus(rule.looksBack()));
        var completed = store.completed(
                changes.stream().map(Change::backup).filter(Objects::nonNull).toList());
        return rule.judge(changes, backup -> Optional.ofNullable(completed.get(backup)), now);
    }
}
