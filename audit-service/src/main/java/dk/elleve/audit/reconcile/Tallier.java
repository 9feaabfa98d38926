package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Capture;
import dk.elleve.audit.capture.Comparer;
import dk.elleve.audit.capture.Tallies;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.audit.TallyEvent.TablesTallied;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.stereotype.Component;

/// Tells, once a day, what all sources must hold at one position: restore drills hold what they restore
/// to it, the only thing that sees what went past the log between a backup and its restore.
@Component
class Tallier {

    private static final Actor ACTOR = Actor.system("audit/tallier");

    private final Capture capture;
    private final Tallies tallies;
    private final TallyStore store;
    private final ReconciliationStore reconciliations;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private final ReconcileProperties properties;

    private Instant resting = Instant.MIN;

    Tallier(
            Capture capture,
            Tallies tallies,
            TallyStore store,
            ReconciliationStore reconciliations,
            Transactions transactions,
            Outbox outbox,
            Clock clock,
            ReconcileProperties properties) {
        this.capture = capture;
        this.tallies = tallies;
        this.store = store;
        this.reconciliations = reconciliations;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
        this.properties = properties;
    }

    /// Called whenever no source is being compared.
    ///
    /// @throws Comparer.NotNow if it was due and could not be made; it is tried again after a rest
    void look() throws Comparer.NotNow {
        var now = clock.instant();
        if (now.isBefore(resting) || !transactions.read(Scope.platform(), () -> isDue(now))) {
            return;
        }
        resting = now.plus(properties.rest());
        if (!tell(capture.sources()).isEmpty()) {
            resting = Instant.MIN;
        }
    }

    private boolean isDue(Instant now) {
        return store.newest()
                        .map(newest -> !now.isBefore(newest.plus(properties.tallyEvery())))
                        .orElse(true)
                && capture.sources().stream()
                        .allMatch(source -> reconciliations.newest(source).isPresent());
    }

    /// @return what was told, nothing where the log cannot say anything of a source yet
    List<TablesTallied> tell(Collection<String> sources) throws Comparer.NotNow {
        try (var cut = tallies.cut(sources)) {
            return transactions.write(Scope.platform(), ACTOR, () -> {
                var told = cut.tallies();
                if (!told.stream().allMatch(TablesTallied::complete)) {
                    return List.<TablesTallied>of();
                }
                told.forEach(each -> outbox.add(Topic.AUDIT_TALLIES, each.cluster(), null, each));
                store.add(clock.instant(), told);
                return told;
            });
        }
    }
}
