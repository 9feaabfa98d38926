package dk.elleve.breach.notice;

import dk.elleve.breach.Text;
import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// The first words of a notice, from the facts: what GDPR Art. 33(3) (a) to (d) and Art. 34(2) ask for. What is not
/// known stays visible as a gap; nothing is made up.
final class Draft {

    private static final String GAP = "[…]";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx", Locale.ROOT).withZone(ZoneId.of("Europe/Copenhagen"));

    private Draft() {}

    static Text of(Incident incident, Notice.Audience audience) {
        var facts = incident.facts();
        var title = Incidents.title(incident);
        var occurred = incident.occurredAt();
        return new Text(
                """
                        %s

                        Sag %s. Opdaget %s. Fandt sted %s.

                        (a) Arten af bruddet: %s
                            Berørte: %s, antal: %s
                            Oplysninger: %s
                        (b) Kontakt: databeskyttelsesrådgiveren, %s
                        (c) Sandsynlige konsekvenser: %s
                        (d) Foranstaltninger: %s
                        """.formatted(
                                switch (audience) {
                                    case AUTHORITY -> "Anmeldelse af brud på persondatasikkerheden (GDPR art. 33)";
                                    case SUBJECTS -> "Underretning om brud på persondatasikkerheden (GDPR art. 34)";
                                    case TENANT -> "Underretning af den dataansvarlige (GDPR art. 33, stk. 2)";
                                },
                                incident.id(),
                                TIME.format(incident.awareAt()),
                                occurred == null ? GAP : TIME.format(occurred),
                                title.da(),
                                words(facts.path("subjectKinds")),
                                number(facts),
                                words(facts.path("dataFields")),
                                GAP,
                                GAP,
                                GAP),
                """
                        %s

                        Case %s. Discovered %s. Happened %s.

                        (a) Nature of the breach: %s
                            People concerned: %s, number: %s
                            Data: %s
                        (b) Contact: the data protection officer, %s
                        (c) Likely consequences: %s
                        (d) Measures: %s
                        """.formatted(
                                switch (audience) {
                                    case AUTHORITY -> "Notification of a personal data breach (GDPR Art. 33)";
                                    case SUBJECTS -> "Communication of a personal data breach (GDPR Art. 34)";
                                    case TENANT -> "Notice to the controller (GDPR Art. 33(2))";
                                },
                                incident.id(),
                                TIME.format(incident.awareAt()),
                                occurred == null ? GAP : TIME.format(occurred),
                                title.en(),
                                words(facts.path("subjectKinds")),
                                number(facts),
                                words(facts.path("dataFields")),
                                GAP,
                                GAP,
                                GAP));
    }

    /// What the text must not leave out (GDPR Art. 33(3)) and the facts do not tell.
    static List<String> missing(JsonNode facts) {
        var missing = new ArrayList<String>();
        if (facts.path("subjectKinds").isEmpty() || !facts.has("subjectsMin") && !facts.has("subjectsMax")) {
            missing.add("33(3)(a) subjects");
        }
        if (facts.path("dataFields").isEmpty()) {
            missing.add("33(3)(a) data");
        }
        return missing;
    }

    private static String words(JsonNode list) {
        if (list.isEmpty()) {
            return GAP;
        }
        var words = new StringJoiner(", ");
        list.forEach(each -> words.add(each.asString()));
        return words.toString();
    }

    private static String number(JsonNode facts) {
        var min = facts.path("subjectsMin");
        var max = facts.path("subjectsMax");
        if (!min.isNumber() && !max.isNumber()) {
            return GAP;
        }
        if (min.equals(max)) {
            return min.asString();
        }
        return (min.isNumber() ? min.asString() : "") + "–" + (max.isNumber() ? max.asString() : "");
    }
}
