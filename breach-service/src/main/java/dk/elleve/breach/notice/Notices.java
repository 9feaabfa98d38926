package dk.elleve.breach.notice;

import dk.elleve.breach.BreachProblem;
import dk.elleve.breach.Text;
import dk.elleve.breach.incident.Incident;
import dk.elleve.breach.incident.Incidents;
import dk.elleve.breach.obligation.Obligations;
import dk.elleve.contracts.Actor;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/// Drafts notices and takes their receipts. Every call belongs into a transaction of the caller.
@Service
public class Notices {

    /// Somebody who is proven to have been told.
    ///
    /// @param to `authority`, `subjects` or `tenant`
    public record Told(
            String to,
            Instant sentAt,
            String channel,
            @Nullable String reference,
            @Nullable String reasonForDelay) {}

    private static final int ALL = 1000;

    private final NoticeStore store;
    private final Incidents incidents;
    private final Obligations obligations;
    private final Clock clock;

    Notices(NoticeStore store, Incidents incidents, Obligations obligations, Clock clock) {
        this.store = store;
        this.incidents = incidents;
        this.obligations = obligations;
        this.clock = clock;
    }

    /// A new draft for a locked case.
    ///
    /// @param text the officer's own; drafted from the facts if absent
    Notice draft(Incident incident, Notice.Audience audience, @Nullable Text text, Actor actor) {
        incident.mustBeOpen();
        var notice = new Notice(
                store.nextNumber(incident.id()),
                audience,
                text == null ? Draft.of(incident, audience) : text,
                clock.instant(),
                actor.id(),
                null);
        store.insert(incident, notice);
        incidents.record(
                incident, "notice", actor, Map.of("to", audience.word(), "notice", Integer.toString(notice.number())));
        return notice;
    }

    /// Takes the proof that a notice of a locked case was sent.
    void receive(Incident incident, int number, Notice.Receipt receipt, Actor actor) {
        incident.mustBeOpen();
        var notice = require(incident.id(), number);
        if (notice.receipt() != null) {
            throw BreachProblem.NOTICE_SENT_ALREADY.with("A receipt is never replaced; send a further notice instead.");
        }
        if (notice.audience() == Notice.Audience.AUTHORITY
                && receipt.sentAt().isAfter(obligations.authorityDue(incident.awareAt()))
                && receipt.reasonForDelay() == null) {
            throw BreachProblem.DELAY_REASON_REQUIRED.with(
                    "It was sent more than 72 hours after awareness: give reasonForDelay (GDPR Art. 33(1)).");
        }
        store.sent(incident.id(), number, receipt);
        incidents.notified(incident, notice.audience().word(), Integer.toString(number), actor);
        settle(
                notice.audience() == Notice.Audience.AUTHORITY
                        ? incidents.toldAuthority(incident, receipt.sentAt())
                        : incident);
    }

    /// Sees whether every notice that was decided on is proven to be sent.
    public void settle(Incident incident) {
        var decision = incident.decision();
        if (incident.state() != Incident.State.DECIDED
                || decision == null
                || !decision.notifyAuthority() && !decision.notifySubjects()) {
            return;
        }
        boolean complete = (!decision.notifyAuthority() || store.isSent(incident.id(), Notice.Audience.AUTHORITY))
                && (!decision.notifySubjects() || store.isSent(incident.id(), Notice.Audience.SUBJECTS));
        if (complete) {
            incidents.settle(incident);
        }
    }

    /// Who was told of a case, and when.
    public List<Told> told(String incident) {
        return store.page(incident, 0, ALL).stream()
                .flatMap(notice -> Optional.ofNullable(notice.receipt()).stream()
                        .map(receipt -> new Told(
                                notice.audience().word(),
                                receipt.sentAt(),
                                receipt.channel(),
                                receipt.reference(),
                                receipt.reasonForDelay())))
                .toList();
    }

    Notice require(String incident, int number) {
        return store.find(incident, number)
                .orElseThrow(() -> BreachProblem.NOTICE_UNKNOWN.with("The case has no notice of that number."));
    }

    List<Notice> page(String incident, int after, int limit) {
        return store.page(incident, after, limit);
    }
}
