package dk.elleve.breach.incident;

import dk.elleve.breach.BreachProblem;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A case as it stands. Each step gives the case after it, or says why it is not allowed; nothing here writes.
///
/// @param kind the kind of the finding it grew from, or `reported`
/// @param title in the words of whoever reported it; a case from a finding has its kind's
/// @param attachKey findings with this key belong to this case; absent once it is decided, because a decision
///     covers only what it was made on
/// @param awareAt when the platform became aware: the 72 hours of GDPR Art. 33(1) count from here
/// @param findings how many findings belong to it
/// @param decision the standing one; absent again when new facts ask for more than was decided
public record Incident(
        String id,
        @Nullable TenantId tenant,
        String kind,
        @Nullable String title,
        Finding.Severity severity,
        State state,
        @Nullable String resource,
        @Nullable String attachKey,
        Instant awareAt,
        @Nullable Instant occurredAt,
        Instant openedAt,
        @Nullable Instant lastFindingAt,
        int findings,
        ObjectNode facts,
        @Nullable Decision decision,
        @Nullable Closure closure,
        @Nullable Instant authorityToldAt,
        long version) {

    /// A person opened it.
    public static final String REPORTED = "reported";

    /// A case's place in a list, newest first.
    public record Position(Instant openedAt, String id) {}

    /// How far a case has come.
    public enum State {
        /// Nobody has looked into its facts.
        OPEN,
        /// A person has stated facts.
        ASSESSED,
        /// The data protection officer has decided.
        DECIDED,
        /// Every notice that was decided on is proven to be sent.
        NOTIFIED,
        CLOSED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How it ended: with the facts these are what the register must hold (GDPR Art. 33(5)).
    public record Closure(String effects, String remedialAction, Instant closedAt, String closedBy) {}

    /// With one more finding; the louder of the two severities stays.
    Incident grown(Finding finding, Instant heardAt) {
        var louder = finding.severity().compareTo(severity) > 0 ? finding.severity() : severity;
        return with(louder, state, attachKey, heardAt, findings + 1, facts, decision, closure);
    }

    /// With these facts. A decision that asks for less than the facts now do does not stand any longer.
    Incident withFacts(ObjectNode stated, boolean adviceNotifyAuthority, boolean adviceNotifySubjects) {
        mustBeOpen();
        boolean stands = decision != null
                && (decision.notifyAuthority() || !adviceNotifyAuthority)
                && (decision.notifySubjects() || !adviceNotifySubjects);
        return with(
                severity,
                stands ? state : State.ASSESSED,
                attachKey,
                lastFindingAt,
                findings,
                stated,
                stands ? decision : null,
                closure);
    }

    Incident decided(Decision made) {
        mustBeOpen();
        return with(severity, State.DECIDED, null, lastFindingAt, findings, facts, made, closure);
    }

    /// The authority is proven to have been told then; the first time counts.
    Incident toldAuthority(Instant sentAt) {
        mustBeOpen();
        return new Incident(
                id,
                tenant,
                kind,
                title,
                severity,
                state,
                resource,
                attachKey,
                awareAt,
                occurredAt,
                openedAt,
                lastFindingAt,
                findings,
                facts,
                decision,
                closure,
                authorityToldAt == null || sentAt.isBefore(authorityToldAt) ? sentAt : authorityToldAt,
                version + 1);
    }

    /// Whether the authority is still to be told, as far as is decided.
    boolean clockRuns() {
        return authorityToldAt == null && state != State.CLOSED && (decision == null || decision.notifyAuthority());
    }

    /// When the clock stopped: the authority was told, or it was decided that it need not be.
    @Nullable Instant clockStoppedAt() {
        if (authorityToldAt != null) {
            return authorityToldAt;
        }
        return decision == null || decision.notifyAuthority() ? null : decision.decidedAt();
    }

    /// Everything that was decided on is proven to be sent.
    Incident notified() {
        mustBeOpen();
        return with(
                severity,
                state == State.DECIDED ? State.NOTIFIED : state,
                attachKey,
                lastFindingAt,
                findings,
                facts,
                decision,
                closure);
    }

    Incident closed(Closure end) {
        mustBeOpen();
        if (decision == null) {
            throw BreachProblem.BREACH_NOT_DECIDED.with(
                    "A case is closed after the data protection officer has decided on it.");
        }
        if (state != State.NOTIFIED && (decision.notifyAuthority() || decision.notifySubjects())) {
            throw BreachProblem.NOTICES_OUTSTANDING.with(
                    "The decision asks for notices; record the receipt of each, or decide again, before closing.");
        }
        return with(severity, State.CLOSED, null, lastFindingAt, findings, facts, decision, end);
    }

    /// @throws dk.elleve.kit.problem.Problem `breach-closed`
    public void mustBeOpen() {
        if (state == State.CLOSED) {
            throw BreachProblem.BREACH_CLOSED.with("It was closed at "
                    + Objects.requireNonNull(closure, "a closed case").closedAt() + "; report a new one.");
        }
    }

    private Incident with(
            Finding.Severity severity,
            State state,
            @Nullable String attachKey,
            @Nullable Instant lastFindingAt,
            int findings,
            ObjectNode facts,
            @Nullable Decision decision,
            @Nullable Closure closure) {
        return new Incident(
                id,
                tenant,
                kind,
                title,
                severity,
                state,
                resource,
                attachKey,
                awareAt,
                occurredAt,
                openedAt,
                lastFindingAt,
                findings,
                facts,
                decision,
                closure,
                authorityToldAt,
                version + 1);
    }
}
