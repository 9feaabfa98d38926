package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Capture;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// When the databases were last compared with the log, and how that came out; and when restore drills
/// were last told what they must find.
@Component
class ReconcileSampler implements Sampler {

    private static final Measure AGE = new Measure(
            "elleve.audit.reconciled.age",
            "seconds",
            "How long ago the source was compared with the log of its changes");
    private static final Measure DIFFERENT = new Measure(
            "elleve.audit.reconciled.different",
            "Tables of the source that did not agree with the log, or could not be compared, when they were last compared");

    private static final Measure TALLIED = new Measure(
            "elleve.audit.tallied.age",
            "seconds",
            "How long ago restore drills were told what all sources must hold at one position");

    private final Capture capture;
    private final ReconciliationStore store;
    private final TallyStore tallies;
    private final Transactions transactions;
    private final Clock clock;

    ReconcileSampler(
            Capture capture, ReconciliationStore store, TallyStore tallies, Transactions transactions, Clock clock) {
        this.capture = capture;
        this.store = store;
        this.tallies = tallies;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "reconcile";
    }

    @Override
    public void sample(Sample sample) {
        transactions
                .read(Scope.platform(), tallies::newest)
                .ifPresent(newest -> sample.put(TALLIED, Duration.between(newest, clock.instant())));
        for (var source : capture.sources()) {
            transactions.read(Scope.platform(), () -> store.newest(source)).ifPresent(newest -> {
                sample.put(AGE, Duration.between(newest.ended(), clock.instant()), "source", source);
                sample.put(
                        DIFFERENT,
                        newest.comparison().tables().stream()
                                .filter(table -> table.difference() != null)
                                .count(),
                        "source",
                        source);
            });
        }
    }
}
