package dk.elleve.kit.measure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One thing that is measured. `deploy/prometheus/METRICS.md` lists them all, and a test compares it with a live
/// scrape.
///
/// @param name dotted, `elleve.<room>.…`; Prometheus shows it with underscores, its unit and, for a counter, `_total`
/// @param unit a base unit (`seconds`, `bytes`) or what is counted; absent where the name says it
/// @param tells one sentence, shown beside the numbers
public record Measure(String name, @Nullable String unit, String tells) {

    private static final Pattern NAME = Pattern.compile("elleve(\\.[a-z]+)+");

    public Measure {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("A measure is named elleve.<room>.<words>, not " + name);
        }
    }

    public Measure(String name, String tells) {
        this(name, null, tells);
    }

    /// A value that is known without asking anybody; what must be asked for belongs into a [Sampler].
    ///
    /// @param labels names and values in turns, of a small known set: never a person, a record or a request
    public <T> void gauge(MeterRegistry meters, T of, ToDoubleFunction<T> value, String... labels) {
        Gauge.builder(name, of, value)
                .baseUnit(unit)
                .description(tells)
                .tags(labels)
                .strongReference(true)
                .register(meters);
    }

    /// A counter, there from now on at 0: what never happened is a number too.
    public Counter counter(MeterRegistry meters, String... labels) {
        return Counter.builder(name)
                .baseUnit(unit)
                .description(tells)
                .tags(labels)
                .register(meters);
    }
}
