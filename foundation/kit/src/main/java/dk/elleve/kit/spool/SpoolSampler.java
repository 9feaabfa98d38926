package dk.elleve.kit.spool;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;

/// How much waits in the spool, and for how long.
final class SpoolSampler implements Sampler {

    private static final Measure HELD =
            new Measure("elleve.spool.held", "bytes", "Bytes in the spool that Kafka has not taken");
    private static final Measure BOUND =
            new Measure("elleve.spool.bound", "bytes", "Bytes the spool may hold before requests are refused");
    private static final Measure OLDEST = new Measure(
            "elleve.spool.oldest.age",
            "seconds",
            "How long the oldest event in the spool has waited; 0 when none does");

    private final FileSpool spool;
    private final Clock clock;

    SpoolSampler(FileSpool spool, Clock clock) {
        this.spool = spool;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "spool";
    }

    @Override
    public void sample(Sample sample) {
        try {
            sample.put(HELD, spool.held());
            sample.put(BOUND, spool.bound());
            var oldest = spool.oldest();
            var now = clock.instant();
            sample.put(OLDEST, oldest.map(at -> Duration.between(at, now)).orElse(Duration.ZERO));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
