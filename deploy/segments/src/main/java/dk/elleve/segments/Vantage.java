package dk.elleve.segments;

import dk.elleve.segments.Probe.Observation;
import dk.elleve.segments.Prober.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Tries probes from where the calling thread stands.
final class Vantage {

    private static final Duration FIRST = Duration.ofMillis(400);
    private static final Duration SECOND = Duration.ofSeconds(4);
    private static final int AT_ONCE = 256;

    private Vantage() {}

    /// A declared connection that did not answer is tried again with more patience: a busy machine
    /// is no closed door.
    static List<Observation> look(List<Probe> probes) throws IOException {
        var outcomes = new Prober(FIRST, AT_ONCE)
                .probe(probes.stream().map(Probe::target).distinct().toList());
        var late = probes.stream()
                .filter(probe -> probe.allowed() && outcomes.get(probe.target()) == Outcome.SILENT)
                .map(Probe::target)
                .distinct()
                .toList();
        outcomes.putAll(new Prober(SECOND, AT_ONCE).probe(late));
        var all = new ArrayList<Observation>();
        for (var probe : probes) {
            all.add(probe.saw(outcomes.getOrDefault(probe.target(), Outcome.SILENT)));
        }
        return all;
    }
}
