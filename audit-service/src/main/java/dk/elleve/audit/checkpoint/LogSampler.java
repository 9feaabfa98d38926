package dk.elleve.audit.checkpoint;

import dk.elleve.audit.log.Sequencer;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// How large the log is, and how fresh what it shows.
@Component
class LogSampler implements Sampler {

    private static final Measure ENTRIES =
            new Measure("elleve.audit.log.entries", "Entries that have their place in the log");
    private static final Measure WAITING =
            new Measure("elleve.audit.log.waiting", "Entries that are stored and have no place in the log yet");
    private static final Measure UNPUBLISHED =
            new Measure("elleve.audit.log.unpublished", "Entries that no published checkpoint covers yet");
    private static final Measure ALARMING = new Measure(
            "elleve.audit.log.alarming", "Entries that tell of a change without a known author or of a hole, ever");
    private static final Measure AGE =
            new Measure("elleve.audit.checkpoint.age", "seconds", "How long ago the newest checkpoint was published");

    private final Sequencer sequencer;
    private final CheckpointStore store;
    private final Transactions transactions;
    private final Clock clock;

    LogSampler(Sequencer sequencer, CheckpointStore store, Transactions transactions, Clock clock) {
        this.sequencer = sequencer;
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public void sample(Sample sample) {
        var promise = transactions.read(Scope.platform(), store::promise);
        var extent = sequencer.extent();
        sample.put(ENTRIES, extent.entries());
        sample.put(WAITING, extent.waiting());
        sample.put(ALARMING, extent.alarming());
        sample.put(UNPUBLISHED, Math.max(0, extent.entries() - promise.publishedSize()));
        if (promise.publishedAt() != null) {
            sample.put(AGE, Duration.between(promise.publishedAt(), clock.instant()));
        }
    }
}
