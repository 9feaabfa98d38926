package dk.elleve.kit.measure;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// Calls the samplers and holds what they found for the next scrapes.
final class Sampling {

    static final Measure AGE = new Measure(
            "elleve.sampling.age", "seconds", "How long ago this service last asked for these facts and got them");

    private static final Logger log = LoggerFactory.getLogger(Sampling.class);

    private record Series(Measure measure, List<String> labels) {}

    private static final class Held {
        private volatile double value = Double.NaN;
    }

    private static final class Asked {
        private final Sampler sampler;
        private final Map<Series, Held> series = new ConcurrentHashMap<>();
        private volatile Instant succeeded;
        private boolean failing;

        Asked(Sampler sampler, Instant now) {
            this.sampler = sampler;
            this.succeeded = now;
        }
    }

    private final List<Asked> all;
    private final MeterRegistry meters;
    private final Clock clock;

    Sampling(List<Sampler> samplers, MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        this.all = samplers.stream()
                .map(sampler -> new Asked(sampler, clock.instant()))
                .toList();
        all.forEach(asked -> AGE.gauge(
                meters,
                asked,
                each -> Duration.between(each.succeeded, clock.instant()).toMillis() / 1000.0,
                "sampler",
                asked.sampler.name()));
    }

    @Scheduled(fixedDelay = 15_000)
    void turn() {
        all.forEach(this::ask);
    }

    private void ask(Asked asked) {
        var found = new HashSet<Series>();
        try {
            asked.sampler.sample((measure, value, labels) -> {
                var series = new Series(measure, List.of(labels));
                found.add(series);
                held(asked, series).value = value;
            });
            asked.succeeded = clock.instant();
            asked.failing = false;
        } catch (RuntimeException away) {
            found.clear();
            if (!asked.failing) {
                log.warn("The facts of {} cannot be measured; it is tried again", asked.sampler.name(), away);
            }
            asked.failing = true;
        }
        asked.series.forEach((series, held) -> {
            if (!found.contains(series)) {
                held.value = Double.NaN;
            }
        });
    }

    private Held held(Asked asked, Series series) {
        return asked.series.computeIfAbsent(series, fresh -> {
            var held = new Held();
            fresh.measure()
                    .gauge(meters, held, each -> each.value, fresh.labels().toArray(String[]::new));
            return held;
        });
    }
}
