package dk.elleve.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Benchmarks by name, each against a peer that does the same work on the same machine in the same minute.
final class Bench {

    /// What came out of one comparison; both numbers in `unit`. The peer's is not a number where there was none.
    record Measure(String name, double ours, double peer, String unit) {

        String json() {
            var line = Api.JSON.createObjectNode();
            line.put("name", name);
            line.put("ours", rounded(ours));
            if (!Double.isNaN(peer)) {
                line.put("peer", rounded(peer));
                line.put("ratio", rounded(ours / peer));
            }
            line.put("unit", unit);
            return Api.JSON.writeValueAsString(line);
        }

        String line() {
            if (Double.isNaN(peer)) {
                return String.format(Locale.ROOT, "  %-19s ours %s %s", name, shown(ours), unit);
            }
            return String.format(
                    Locale.ROOT,
                    "  %-19s ours %s %s, peer %s %s: %.2f of it",
                    name,
                    shown(ours),
                    unit,
                    shown(peer),
                    unit,
                    ours / peer);
        }

        private static String shown(double value) {
            return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%,.1f", value);
        }

        private static double rounded(double value) {
            return Math.round(value * 100) / 100.0;
        }
    }

    interface Benchmark {
        /// What is compared with what, in one line.
        String about();

        /// The same with options; none is known here.
        default Benchmark with(Map<String, String> options) {
            throw new Refusal(
                    "This benchmark has no options, but " + String.join(", ", options.keySet()) + " was given.");
        }

        /// @param progress for work that takes long
        List<Measure> run(Installation installation, Screen progress) throws Exception;
    }

    private static final Map<String, Benchmark> BENCHMARKS = new LinkedHashMap<>();

    static {
        BENCHMARKS.put("import", new RecordBench.Import());
        BENCHMARKS.put("find", new RecordBench.Find());
        BENCHMARKS.put("audit", AuditBench.all());
        for (var part : AuditBench.PARTS) {
            BENCHMARKS.put("audit." + part.name(), new AuditBench(List.of(part)));
        }
        BENCHMARKS.put("backup", new BackupBench());
    }

    private final Installation installation;
    private final Screen screen;
    private final Screen progress;

    Bench(Installation installation, Screen screen) {
        this(installation, screen, new Screen(System.err));
    }

    /// @param progress what is told while a person waits; never a result
    Bench(Installation installation, Screen screen, Screen progress) {
        this.installation = installation;
        this.screen = screen;
        this.progress = progress;
    }

    int run(List<String> words) {
        var json = words.contains("--json");
        var names = new ArrayList<String>();
        var options = new LinkedHashMap<String, String>();
        for (var each = words.iterator(); each.hasNext(); ) {
            var word = each.next();
            if (!word.startsWith("--")) {
                names.add(word);
            } else if (!word.equals("--json")) {
                var equals = word.indexOf('=');
                if (equals < 0 && !each.hasNext()) {
                    throw new Refusal("The option " + word + " wants a value; ./elleve bench --help shows how.");
                }
                options.put(
                        equals < 0 ? word : word.substring(0, equals),
                        equals < 0 ? each.next() : word.substring(equals + 1));
            }
        }
        var chosen = new ArrayList<Map.Entry<String, Benchmark>>();
        for (var name : names) {
            chosen.add(Map.entry(
                    name,
                    Optional.ofNullable(BENCHMARKS.get(name))
                            .orElseThrow(() -> new Refusal("There is no benchmark " + name + "; there are "
                                    + String.join(", ", BENCHMARKS.keySet()) + "."))));
        }
        if (names.isEmpty()) {
            BENCHMARKS.forEach((name, benchmark) -> screen.part(name, "", benchmark.about()));
            return 0;
        }
        for (var each : chosen) {
            var name = each.getKey();
            try {
                var benchmark =
                        options.isEmpty() ? each.getValue() : each.getValue().with(options);
                benchmark
                        .run(installation, progress)
                        .forEach(measure -> screen.line(json ? measure.json() : measure.line()));
            } catch (Refusal e) {
                throw e;
            } catch (Exception e) {
                throw new Refusal("The benchmark " + name + " could not be run: " + Up.sentence(e));
            }
        }
        return 0;
    }
}
