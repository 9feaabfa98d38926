package dk.elleve.kit.measure;

import java.time.Duration;

/// Where a [Sampler] puts what it found.
public interface Sample {

    /// @param labels names and values in turns
    void put(Measure measure, double value, String... labels);

    /// The same for a time span.
    default void put(Measure measure, Duration value, String... labels) {
        put(measure, value.toMillis() / 1000.0, labels);
    }
}
