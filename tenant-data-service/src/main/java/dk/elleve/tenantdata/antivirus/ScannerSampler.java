package dk.elleve.tenantdata.antivirus;

import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Asks the scanner how old its signatures are.
@Component
class ScannerSampler implements Sampler {

    private static final Measure UP =
            new Measure("elleve.tenantdata.scanner.up", "1 if the virus scanner answers, else 0");
    private static final Measure AGE = new Measure(
            "elleve.tenantdata.scanner.signatures.age",
            "seconds",
            "How long ago the signatures of the virus scanner were made; +Inf where it has none");

    private static final String CLAMAV = "clamav";
    /// Time zones are at most this far apart; a date beyond is no date.
    private static final Duration AHEAD = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(ScannerSampler.class);

    private final @Nullable Scanner scanner;
    private final Clock clock;
    private boolean away;

    ScannerSampler(AntivirusProperties properties, Clock clock) {
        this.scanner = properties.host() == null
                ? null
                : new Scanner(properties.host(), properties.port(), properties.patience());
        this.clock = clock;
    }

    @Override
    public String name() {
        return "scanner";
    }

    @Override
    public void sample(Sample sample) {
        if (scanner == null) {
            sample.put(UP, 0, "scanner", "");
            sample.put(AGE, 0, "scanner", "");
            return;
        }
        try {
            var version = scanner.version();
            sample.put(UP, 1, "scanner", CLAMAV);
            sample.put(AGE, age(version.signatures(), clock.instant()), "scanner", CLAMAV);
            away = false;
        } catch (IOException unanswered) {
            sample.put(UP, 0, "scanner", CLAMAV);
            if (!away) {
                log.warn("The virus scanner does not answer; it is asked again", unanswered);
            }
            away = true;
        }
    }

    /// In seconds. What has no date, or one that has not come yet, is taken for as old as can be.
    static double age(@Nullable Instant made, Instant now) {
        if (made == null || made.isAfter(now.plus(AHEAD))) {
            return Double.POSITIVE_INFINITY;
        }
        return Math.max(0, Duration.between(made, now).toSeconds());
    }
}
