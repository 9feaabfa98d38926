package dk.elleve.backup.drill;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// When a backup was last restored for practice, and what came of it.
@Component
class DrillSampler implements Sampler {

    private static final Measure AGE =
            new Measure("elleve.backup.drill.age", "seconds", "How long ago the newest restore drill ended");
    private static final Measure PASSED = new Measure(
            "elleve.backup.drill.passed", "0 if a restore drill failed and none of its kind has passed since, else 1");
    private static final Measure RECOVERY_TIME = new Measure(
            "elleve.backup.drill.recovery.time",
            "seconds",
            "From an empty folder to a database that answers, in the newest drill");
    private static final Measure RECOVERY_POINT = new Measure(
            "elleve.backup.drill.recovery.point",
            "seconds",
            "How much work would have been lost, had the cluster burned down when the newest drill began");

    private final DrillStore store;
    private final ClusterVault vault;
    private final Transactions transactions;
    private final Clock clock;

    DrillSampler(DrillStore store, ClusterVault vault, Transactions transactions, Clock clock) {
        this.store = store;
        this.vault = vault;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "drill";
    }

    @Override
    public void sample(Sample sample) {
        var newest = transactions.read(Scope.platform(), () -> store.newestFinished(vault.systemId()));
        var unmended = transactions.read(Scope.platform(), () -> store.unmended(vault.systemId()));
        newest.ifPresent(drill -> {
            if (drill.finishedAt() != null) {
                sample.put(AGE, Duration.between(drill.finishedAt(), clock.instant()));
            }
            sample.put(PASSED, unmended.isEmpty() ? 1 : 0);
            if (drill.recoveryTime() != null && drill.recoveryPoint() != null) {
                sample.put(RECOVERY_TIME, drill.recoveryTime());
                sample.put(RECOVERY_POINT, drill.recoveryPoint());
            }
        });
    }
}
