package dk.elleve.breach.incident;

import dk.elleve.breach.Text;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of findings in words, and the facts each of them already tells. A kind that is not listed makes a case
/// all the same, without facts.
final class Kinds {

    private record Kind(Text title, List<String> breachKinds, String cause) {}

    private static final Map<String, Kind> KNOWN = Map.of(
            Incident.REPORTED,
            new Kind(new Text("Indberettet hændelse", "Reported incident"), List.of(), ""),
            "unattributed-change",
            new Kind(
                    new Text("Ændring uden kendt ophavsmand", "Change without a known author"),
                    List.of("I"),
                    "change in the database outside the services"),
            "audit-gap",
            new Kind(
                    new Text("Hul i revisionsloggen", "Gap in the audit log"),
                    List.of("I"),
                    "changes may be missing from the log"),
            "log-damaged",
            new Kind(
                    new Text("Revisionsloggen er beskadiget", "The audit log is damaged"),
                    List.of("I"),
                    "the log does not agree with its own checkpoints"),
            "database-difference",
            new Kind(
                    new Text("Databasen svarer ikke til sin log", "A database does not agree with its log"),
                    List.of("I"),
                    "rows changed in a way that no change was written for"),
            "wal-gap",
            new Kind(
                    new Text("Hul i backuppen", "Gap in the backup"),
                    List.of("A"),
                    "changes were lost before they were backed up"),
            "restore-drill-failed",
            new Kind(
                    new Text("En prøvegendannelse mislykkedes", "A restore drill failed"),
                    List.of("A"),
                    "a backup could not be restored"));

    private Kinds() {}

    static Text title(Incident incident) {
        var own = incident.title();
        return own != null ? new Text(own, own) : title(incident.kind());
    }

    static Text title(String kind) {
        var known = KNOWN.get(kind);
        return known != null ? known.title() : new Text("Fund: " + kind, "Finding: " + kind);
    }

    /// What the platform knows by itself. Everything else a person has to state.
    static ObjectNode facts(JsonMapper json, String kind, boolean ofTenant) {
        var facts = json.createObjectNode();
        var known = KNOWN.get(kind);
        if (known != null && !known.breachKinds().isEmpty()) {
            var kinds = facts.putArray("kinds");
            known.breachKinds().forEach(kinds::add);
            facts.put("cause", known.cause());
        }
        facts.put("role", ofTenant ? "processor" : "controller");
        return facts;
    }
}
