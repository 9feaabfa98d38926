package dk.elleve.contracts.breach;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The life of an incident, on `breach.incidents.v1`, keyed by incident.
public sealed interface IncidentEvent extends Event {

    String incident();

    /// @param kind the kind of the finding it grew from, or `reported` for one a person opened
    record IncidentOpened(
            String incident,
            String kind,
            String severity,
            @Nullable TenantId tenant,
            Instant awareAt) implements IncidentEvent {}

    record IncidentAssessed(String incident, boolean notifyAuthority, boolean notifySubjects, Instant at)
            implements IncidentEvent {}

    record IncidentDecided(
            String incident, boolean notifyAuthority, boolean notifySubjects, String decidedBy, Instant at)
            implements IncidentEvent {}

    /// @param to `dpo`, `tenant`, `authority` or `subjects`
    record IncidentNotified(String incident, String to, String notice, Instant at) implements IncidentEvent {}

    record IncidentClosed(String incident, String closedBy, Instant at) implements IncidentEvent {}
}
