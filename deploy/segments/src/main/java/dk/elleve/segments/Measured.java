package dk.elleve.segments;

import dk.elleve.contracts.Evidence;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What one run of `segment-probe compose` found out: what is handed on as evidence.
///
/// @param reachabilityId of the evidence for question 6, made when it was measured: said twice it
/// is the same
/// @param diagramId of the evidence for question 7
/// @param declared the day of the diagram
/// @param members who ran and was asked
/// @param absent who is declared and did not run
/// @param flows how many connections are declared
/// @param expected how many of them are between members that ran
/// @param differences between what is declared and what could be reached
/// @param drift between what is declared and what the host saw or enforces
/// @param connected how many declared connections stood open at that moment
record Measured(
        String reachabilityId,
        String diagramId,
        Instant at,
        LocalDate declared,
        List<String> members,
        List<String> absent,
        int flows,
        int expected,
        int probes,
        int open,
        int connected,
        List<String> differences,
        List<String> drift) {

    static final String REACHABILITY = "network.reachability";
    static final String DIAGRAM = "network.diagram";

    /// Facts are read by people: the first few say enough.
    private static final int NAMED = 5;

    Measured {
        members = List.copyOf(members);
        absent = List.copyOf(absent);
        differences = List.copyOf(differences);
        drift = List.copyOf(drift);
    }

    boolean holds() {
        return differences.isEmpty() && drift.isEmpty();
    }

    List<Evidence> evidence() {
        var reach = new LinkedHashMap<String, String>();
        reach.put("members", Integer.toString(members.size()));
        reach.put("not-running", absent.isEmpty() ? "none" : String.join(", ", absent));
        reach.put("probes", Integer.toString(probes));
        reach.put("open", Integer.toString(open));
        reach.put("expected", Integer.toString(expected));
        named(reach, "differences", differences);
        var picture = new LinkedHashMap<String, String>();
        picture.put("changed", declared.toString());
        picture.put("declared", Integer.toString(flows));
        picture.put("connected", Integer.toString(connected));
        named(picture, "drift", drift);
        return List.of(
                new Evidence(reachabilityId, REACHABILITY, differences.isEmpty(), at, reach),
                new Evidence(diagramId, DIAGRAM, drift.isEmpty(), at, picture));
    }

    private static void named(Map<String, String> facts, String word, List<String> all) {
        facts.put(word, Integer.toString(all.size()));
        if (!all.isEmpty()) {
            facts.put(
                    word + "-named",
                    all.stream().limit(NAMED).collect(Collectors.joining("; "))
                            + (all.size() > NAMED ? "; \u2026" : ""));
        }
    }
}
