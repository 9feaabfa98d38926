package dk.elleve.breach.incident;

import dk.elleve.breach.Text;
import dk.elleve.breach.obligation.Obligations;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A case as clients see it.
///
/// @param discoveredAt the moment of awareness, from which `deadline` counts
/// @param deadline when the authority must have been told; absent once it was, or need not be
/// @param facts absent in lists, as everything below
record IncidentView(
        String id,
        Text title,
        String state,
        String severity,
        @Nullable TenantId tenant,
        String kind,
        @Nullable String resource,
        Instant discoveredAt,
        @Nullable Instant occurredAt,
        @Nullable Instant lastFindingAt,
        int findings,
        @Nullable Instant deadline,
        @Nullable Text summary,
        @Nullable ObjectNode facts,
        @Nullable Decision decision,
        Incident.@Nullable Closure closure,
        @Nullable List<Obligations.Clock> clocks) {

    static IncidentView brief(Incident incident, Obligations obligations) {
        return of(incident, obligations, null);
    }

    static IncidentView full(Incident incident, Obligations obligations, Instant now) {
        var clocks = obligations.clocks(incident.awareAt(), incident.clockStoppedAt(), incident.tenant() != null, now);
        return of(incident, obligations, clocks);
    }

    private static IncidentView of(
            Incident incident, Obligations obligations, @Nullable List<Obligations.Clock> clocks) {
        boolean full = clocks != null;
        return new IncidentView(
                incident.id(),
                Kinds.title(incident),
                incident.state().word(),
                incident.severity().name().toLowerCase(Locale.ROOT),
                incident.tenant(),
                incident.kind(),
                incident.resource(),
                incident.awareAt(),
                incident.occurredAt(),
                incident.lastFindingAt(),
                incident.findings(),
                incident.clockRuns() ? obligations.authorityDue(incident.awareAt()) : null,
                full ? summary(incident) : null,
                full ? incident.facts() : null,
                full ? incident.decision() : null,
                full ? incident.closure() : null,
                clocks);
    }

    private static @Nullable Text summary(Incident incident) {
        if (incident.resource() == null) {
            return null;
        }
        return incident.findings() == 1
                ? new Text("Fundet i " + incident.resource() + ".", "Found in " + incident.resource() + ".")
                : new Text(
                        incident.findings() + " fund i " + incident.resource() + ".",
                        incident.findings() + " findings in " + incident.resource() + ".");
    }
}
