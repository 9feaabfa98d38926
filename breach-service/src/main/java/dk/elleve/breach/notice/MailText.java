package dk.elleve.breach.notice;

import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the officer reads: which case, how bad, how long is left. No names and none of the facts: mail leaves the
/// house.
record MailText(String subject, String body) {

    private static final ZoneId DENMARK = ZoneId.of("Europe/Copenhagen");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx", Locale.ROOT).withZone(DENMARK);

    /// @param further whether the case was told of before
    static MailText of(Incident incident, boolean further, Instant due, @Nullable URI dashboard) {
        var title = Incidents.titleOfKind(incident);
        var subject = further
                ? "Flere fund: " + title.da() + " / Further findings: " + title.en()
                : "Ny hændelse: " + title.da() + " / New incident: " + title.en();
        var tenant = incident.tenant() == null ? "-" : incident.tenant().value();
        var resource = incident.resource() == null ? "-" : incident.resource();
        var body = """
                Der er %s, som kan være et brud på persondatasikkerheden.

                Sag:           %s
                Hvad:          %s
                Alvor:         %s
                Kunde:         %s
                Hvor:          %s
                Antal fund:    %d
                Opdaget:       %s
                Frist (72 t):  %s

                Vurder sagen, og træf beslutning med begrundelse. Fristen løber fra opdagelsen (GDPR art. 33, stk. 1).
                %s
                --

                There %s that may be a personal data breach.

                Case:          %s
                What:          %s
                Severity:      %s
                Tenant:        %s
                Where:         %s
                Findings:      %d
                Discovered:    %s
                Due (72 h):    %s

                Assess the case and decide with a reason. The clock runs from the discovery (GDPR Art. 33(1)).
                %s""".formatted(
                        further ? "nye fund i en åben sag" : "en ny sag",
                        incident.id(),
                        title.da(),
                        severityDa(incident),
                        tenant,
                        resource,
                        incident.findings(),
                        TIME.format(incident.awareAt()),
                        TIME.format(due),
                        link(incident, dashboard),
                        further ? "are new findings in an open case" : "is a new case",
                        incident.id(),
                        title.en(),
                        incident.severity().name().toLowerCase(Locale.ROOT),
                        tenant,
                        resource,
                        incident.findings(),
                        TIME.format(incident.awareAt()),
                        TIME.format(due),
                        link(incident, dashboard));
        return new MailText(subject, body);
    }

    private static String severityDa(Incident incident) {
        return switch (incident.severity()) {
            case LOW -> "lav";
            case MEDIUM -> "mellem";
            case HIGH -> "høj";
        };
    }

    private static String link(Incident incident, @Nullable URI dashboard) {
        return dashboard == null ? "" : dashboard.resolve("/breaches/" + incident.id()) + "\n";
    }
}
