package dk.elleve.local;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Benchmarks by name. With `--json` each prints one object a line:
/// `{"name", "ours", "peer", "ratio", "unit"}`.
final class Bench {

    /// One measurement against one peer.
    interface Benchmark {
        String about();

        int run(Installation installation, Screen screen, boolean json);
    }

    /// Registered here; the name is what is typed.
    private static final Map<String, Benchmark> BENCHMARKS = new TreeMap<>();

    private final Installation installation;
    private final Screen screen;

    Bench(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    int run(List<String> words) {
        var names = words.stream().filter(word -> !word.startsWith("--")).toList();
        if (BENCHMARKS.isEmpty()) {
            throw new Refusal("There is no benchmark yet.");
        }
        if (names.isEmpty()) {
            BENCHMARKS.forEach((name, benchmark) -> screen.part(name, "", benchmark.about()));
            return 0;
        }
        var result = 0;
        for (var name : names) {
            var benchmark = BENCHMARKS.get(name);
            if (benchmark == null) {
                throw new Refusal("There is no benchmark " + name + "; there are " + BENCHMARKS.keySet() + ".");
            }
            result = Math.max(result, benchmark.run(installation, screen, words.contains("--json")));
        }
        return result;
    }
}
