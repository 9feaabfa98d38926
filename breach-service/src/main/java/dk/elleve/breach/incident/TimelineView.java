package dk.elleve.breach.incident;

import dk.elleve.breach.Text;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An entry of the timeline as clients see it.
record TimelineView(Instant time, String kind, @Nullable Text text, Who actor, Map<String, String> detail) {

    /// @param id a subject or the name of a job, never a login
    record Who(String kind, String id) {}

    static final String KIND = "kind";
    static final String RESOURCE = "resource";

    /// @param staff what a finding says of roles, addresses and programs is for the operator's people only
    static TimelineView of(TimelineEntry entry, boolean staff) {
        var seen = staff || !isFinding(entry)
                ? entry
                : new TimelineEntry(
                        entry.id(),
                        entry.at(),
                        entry.kind(),
                        entry.actorKind(),
                        entry.actorId(),
                        outside(entry.detail()));
        return of(seen);
    }

    private static boolean isFinding(TimelineEntry entry) {
        return entry.kind().equals("opened") || entry.kind().equals("finding");
    }

    private static Map<String, String> outside(Map<String, String> detail) {
        var seen = new TreeMap<>(detail);
        seen.keySet().retainAll(Set.of(KIND, RESOURCE));
        return seen;
    }

    private static TimelineView of(TimelineEntry entry) {
        return new TimelineView(
                entry.at(),
                entry.kind(),
                text(entry),
                new Who(entry.actorKind().word(), entry.actorId()),
                entry.detail());
    }

    private static @Nullable Text text(TimelineEntry entry) {
        var detail = entry.detail();
        return switch (entry.kind()) {
            case "finding", "opened" -> {
                var resource = detail.get(RESOURCE);
                if (resource == null) {
                    yield null;
                }
                var told = detail.entrySet().stream()
                        .filter(fact ->
                                !fact.getKey().equals(KIND) && !fact.getKey().equals(RESOURCE))
                        .map(fact -> " · " + fact.getKey() + ": " + fact.getValue())
                        .collect(Collectors.joining());
                yield new Text(resource + told, resource + told);
            }
            case "facts" -> new Text("Ændret: " + detail.get("changed"), "Changed: " + detail.get("changed"));
            case "assessed", "decided" ->
                new Text(
                        "Tilsynet: " + da(detail.get("notifyAuthority")) + ". De berørte: "
                                + da(detail.get("notifySubjects")) + ".",
                        "Authority: " + en(detail.get("notifyAuthority")) + ". People concerned: "
                                + en(detail.get("notifySubjects")) + ".");
            case "notice", "notified", "receipt" ->
                new Text("Til: " + toDa(detail.get("to")), "To: " + toEn(detail.get("to")));
            default -> null;
        };
    }

    private static String da(@Nullable String flag) {
        return "true".equals(flag) ? "underrettes" : "underrettes ikke";
    }

    private static String en(@Nullable String flag) {
        return "true".equals(flag) ? "told" : "not told";
    }

    private static String toDa(@Nullable String to) {
        return switch (to == null ? "" : to) {
            case "dpo" -> "databeskyttelsesrådgiveren";
            case "authority" -> "tilsynet";
            case "subjects" -> "de berørte";
            case "tenant" -> "kunden";
            default -> "?";
        };
    }

    private static String toEn(@Nullable String to) {
        return switch (to == null ? "" : to) {
            case "dpo" -> "the data protection officer";
            case "authority" -> "the authority";
            case "subjects" -> "the people concerned";
            case "tenant" -> "the tenant";
            default -> "?";
        };
    }
}
