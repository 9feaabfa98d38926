package dk.elleve.tenantdata.record;

import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import org.springframework.stereotype.Component;

/// Counts records by what was done with them, whose they were is not counted.
@Component
class RecordCounters {

    enum Handling {
        CREATED,
        SHOWN,
        CHANGED,
        DELETED,
        IMPORTED,
        EXPORTED
    }

    private static final Measure HANDLED =
            new Measure("elleve.tenantdata.records.handled", "Records handled for tenants, by what was done with them");

    private final MeterRegistry meters;

    RecordCounters(MeterRegistry meters) {
        this.meters = meters;
        Arrays.stream(Handling.values()).forEach(operation -> handled(operation, 0));
    }

    void handled(Handling operation, long records) {
        HANDLED.counter(meters, "operation", operation.name().toLowerCase(Locale.ROOT))
                .increment(records);
    }
}
