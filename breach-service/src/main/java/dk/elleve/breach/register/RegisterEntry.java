package dk.elleve.breach.register;

import dk.elleve.breach.assessment.Assessment;
import dk.elleve.breach.incident.Decision;
import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import dk.elleve.breach.notice.Notices;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One breach as GDPR Art. 33(5) wants it documented: its facts, its effects and the remedial action, with what was
/// advised, what was decided and who was told. A case that nobody had to be told of stands here like every other.
record RegisterEntry(
        String id,
        String title,
        String kind,
        String state,
        String severity,
        @Nullable TenantId tenant,
        Instant awareAt,
        @Nullable Instant occurredAt,
        @Nullable String resource,
        int findings,
        ObjectNode facts,
        Advice advice,
        @Nullable Decision decision,
        List<Notices.Told> notices,
        @Nullable String effects,
        @Nullable String remedialAction,
        @Nullable Instant closedAt) {

    record Advice(boolean notifyAuthority, boolean notifySubjects, String rules, String enisaScore, String enisaBand) {}

    static final List<String> COLUMNS = List.of(
            "id",
            "title",
            "kind",
            "state",
            "severity",
            "tenant",
            "awareAt",
            "occurredAt",
            "resource",
            "findings",
            "facts",
            "advisedAuthority",
            "advisedSubjects",
            "rules",
            "enisa",
            "decidedAuthority",
            "decidedSubjects",
            "reason",
            "decidedAt",
            "decidedBy",
            "notices",
            "effects",
            "remedialAction",
            "closedAt");

    static RegisterEntry of(Incident incident, Assessment advice, List<Notices.Told> told) {
        var closure = incident.closure();
        return new RegisterEntry(
                incident.id(),
                Incidents.title(incident).en(),
                incident.kind(),
                incident.state().word(),
                incident.severity().name().toLowerCase(Locale.ROOT),
                incident.tenant(),
                incident.awareAt(),
                incident.occurredAt(),
                incident.resource(),
                incident.findings(),
                incident.facts(),
                new Advice(
                        advice.notifyAuthority(),
                        advice.notifySubjects(),
                        advice.rules().stream().map(Assessment.Reason::id).collect(Collectors.joining(" ")),
                        advice.enisa().score().toPlainString(),
                        advice.enisa().band()),
                incident.decision(),
                told,
                closure == null ? null : closure.effects(),
                closure == null ? null : closure.remedialAction(),
                closure == null ? null : closure.closedAt());
    }

    List<String> cells() {
        return List.of(
                id,
                title,
                kind,
                state,
                severity,
                text(tenant),
                awareAt.toString(),
                text(occurredAt),
                text(resource),
                Integer.toString(findings),
                facts.toString(),
                Boolean.toString(advice.notifyAuthority()),
                Boolean.toString(advice.notifySubjects()),
                advice.rules(),
                advice.enisaScore() + " " + advice.enisaBand(),
                decision == null ? "" : Boolean.toString(decision.notifyAuthority()),
                decision == null ? "" : Boolean.toString(decision.notifySubjects()),
                decision == null ? "" : decision.reason(),
                decision == null ? "" : decision.decidedAt().toString(),
                decision == null ? "" : decision.decidedBy(),
                notices.stream().map(told -> told.to() + " " + told.sentAt()).collect(Collectors.joining("; ")),
                text(effects),
                text(remedialAction),
                text(closedAt));
    }

    private static String text(@Nullable Object value) {
        return Objects.toString(value, "");
    }
}
