package dk.elleve.kit.trace;

import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.tracing.otel.bridge.Slf4JEventListener;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.context.annotation.Bean;

@AutoConfiguration(before = OpenTelemetryTracingAutoConfiguration.class)
public final class TraceAutoConfiguration {

    private static final String URL = "http.url";

    TraceAutoConfiguration() {}

    /// In the names of ECS, so that the log's fields are what tools look for.
    @Bean
    Slf4JEventListener traceInTheLog() {
        return new Slf4JEventListener(LogFields.TRACE, LogFields.SPAN);
    }

    /// Anybody can write anything into an address; a span says the path as the code names it, and no more.
    @Bean
    ObservationFilter addressesStayOutOfSpans() {
        return TraceAutoConfiguration::withoutAddress;
    }

    static Observation.Context withoutAddress(Observation.Context context) {
        if (context.getHighCardinalityKeyValue(URL) != null) {
            context.addHighCardinalityKeyValue(KeyValue.of(URL, "not kept"));
        }
        return context;
    }
}
