package dk.elleve.local;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Holds rules, dashboards and documentation against what a real Prometheus scrapes from a platform that runs.
final class LiveMetrics {

    private static final Pattern DOCUMENTED =
            Pattern.compile("(?m)^\\| `(elleve_\\w+)` \\| (\\w+) \\|.*\\| ([^|]+) \\|$");

    /// What Kafka's clients measure of a partition comes into being with its first record, and is looked
    /// for once a minute.
    private static final Duration BOUND = Duration.ofMinutes(2);

    private final RunningPrometheus prometheus;

    private LiveMetrics(RunningPrometheus prometheus) {
        this.prometheus = prometheus;
    }

    /// Fails naming everything that rests on nothing.
    static void check(Installation house, Path folder) throws IOException {
        try (var prometheus = new RunningPrometheus(house, folder);
                var _ = new Visitors(house)) {
            prometheus.awaitNumbers();
            var live = new LiveMetrics(prometheus);
            live.everyMetricThatIsNamedIsThere();
            live.everyPanelShowsSomething();
            live.documentationSaysWhatIsMeasured();
        }
    }

    /// The same for a platform that runs already: `LiveMetrics DIR`.
    public static void main(String... words) throws IOException {
        var house = Installation.of(Arguments.parse("status", "--dir", words[0]));
        var folder = Files.createTempDirectory("prometheus");
        check(house, folder);
    }

    private void everyMetricThatIsNamedIsThere() {
        eventually(
                "every metric is measured",
                BOUND,
                () -> assertThat(missing()).as("metrics that nothing measures").isEmpty());
    }

    private List<String> missing() {
        var there = prometheus.names();
        var missing = new ArrayList<String>();
        for (var rule : Observability.rules()) {
            for (var metric : Observability.metrics(rule.expression())) {
                if (!there.contains(metric)) {
                    missing.add(metric + ", asked for by " + rule.name() + " in " + rule.file());
                }
            }
        }
        for (var query : Observability.queries()) {
            for (var metric : Observability.metrics(query.expression())) {
                if (!there.contains(metric)) {
                    missing.add(metric + ", asked for by panel " + query.panel() + " of " + query.board());
                }
            }
        }
        return missing;
    }

    private void everyPanelShowsSomething() {
        eventually(
                "every panel shows something",
                BOUND,
                () -> assertThat(empty()).as("panels that show nothing").isEmpty());
    }

    private List<String> empty() {
        return Observability.queries().stream()
                .filter(query -> prometheus
                        .query(query.expression().replace("$__rate_interval", "1m"))
                        .isEmpty())
                .map(query -> query.board() + " · " + query.panel() + ": " + query.expression())
                .toList();
    }

    private void documentationSaysWhatIsMeasured() {
        var text = Observability.read(Observability.PROMETHEUS.resolve("METRICS.md"));
        var documented = new TreeMap<String, String>();
        DOCUMENTED
                .matcher(text)
                .results()
                .forEach(row -> documented.put(row.group(1), row.group(2) + ": " + row.group(3)));
        var measured = new TreeMap<String, String>();
        prometheus.told().forEach((name, told) -> {
            if (name.startsWith("elleve_")) {
                measured.put(name, told);
            }
        });

        assertThat(documented).as("METRICS.md against the scrape").isEqualTo(measured);
    }
}
