package dk.elleve.backup.verify;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// When the vault was last read again, and what came of it.
@Component
class VerifySampler implements Sampler {

    private static final Measure AGE =
            new Measure("elleve.backup.verify.age", "seconds", "How long ago the newest reading of the vault ended");
    private static final Measure WHOLE_AGE = new Measure(
            "elleve.backup.verify.whole.age", "seconds", "How long ago the newest reading of the whole vault ended");
    private static final Measure PROBLEMS =
            new Measure("elleve.backup.verify.problems", "Objects that are missing or damaged, in the newest reading");
    private static final Measure ORPHANS =
            new Measure("elleve.backup.verify.orphans", "Objects that belong to nothing, in the newest reading");

    private final Verifications verifications;
    private final Clock clock;

    VerifySampler(Verifications verifications, Clock clock) {
        this.verifications = verifications;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "verify";
    }

    @Override
    public void sample(Sample sample) {
        verifications.newest(null).ifPresent(newest -> {
            put(sample, AGE, newest);
            sample.put(PROBLEMS, newest.problems().size());
            sample.put(ORPHANS, newest.orphans().size());
        });
        verifications.newest(Verification.WHOLE).ifPresent(whole -> put(sample, WHOLE_AGE, whole));
    }

    private void put(Sample sample, Measure age, Verification newest) {
        if (newest.finishedAt() != null) {
            sample.put(age, Duration.between(newest.finishedAt(), clock.instant()));
        }
    }
}
