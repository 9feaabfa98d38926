package dk.elleve.breach.incident;

import dk.elleve.breach.BreachProblem;
import dk.elleve.breach.Text;
import dk.elleve.breach.assessment.Assessment;
import dk.elleve.breach.assessment.Assessor;
import dk.elleve.breach.assessment.FactsReader;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Carries cases from step to step. Every step stores the case, an entry of its timeline and the news of it
/// together; every call belongs into a transaction of the caller.
@Service
public class Incidents {

    private final IncidentStore store;
    private final TimelineStore timeline;
    private final FactsReader reader;
    private final Assessor assessor;
    private final Bell bell;
    private final Outbox outbox;
    private final JsonMapper json;
    private final Clock clock;

    Incidents(
            IncidentStore store,
            TimelineStore timeline,
            FactsReader reader,
            Assessor assessor,
            Bell bell,
            Outbox outbox,
            JsonMapper json,
            Clock clock) {
        this.store = store;
        this.timeline = timeline;
        this.reader = reader;
        this.assessor = assessor;
        this.bell = bell;
        this.outbox = outbox;
        this.json = json;
        this.clock = clock;
    }

    /// The case a finding belongs to: an undecided one of the same kind, resource and tenant, or a new one.
    public Incident hear(Finding finding, Actor actor) {
        var now = clock.instant();
        var key = String.join(
                "\n",
                finding.kind(),
                finding.resource(),
                finding.tenant() == null ? "" : finding.tenant().value());
        var fresh = new Incident(
                newId(),
                finding.tenant(),
                finding.kind(),
                null,
                finding.severity(),
                Incident.State.OPEN,
                finding.resource(),
                key,
                earlier(finding.detectedAt(), now),
                finding.occurredAt(),
                now,
                now,
                1,
                Kinds.facts(json, finding.kind(), finding.tenant() != null),
                null,
                null,
                null,
                1);
        if (store.insert(fresh)) {
            opened(fresh, about(finding), actor);
            return fresh;
        }
        var standing = store.lockAttached(key)
                .orElseThrow(() -> new IllegalStateException("The case was decided on at this moment; heard again"));
        var grown = standing.grown(finding, now);
        store.update(grown);
        record(grown, "finding", actor, about(finding));
        bell.grown(grown);
        return grown;
    }

    /// A case that a person reports.
    public Incident report(
            @Nullable String title,
            Finding.Severity severity,
            @Nullable TenantId tenant,
            @Nullable Instant awareAt,
            @Nullable Instant occurredAt,
            @Nullable JsonNode facts,
            Actor actor) {
        var now = clock.instant();
        var stated = Kinds.facts(json, Incident.REPORTED, tenant != null);
        if (facts != null) {
            reader.read(facts, "/facts");
            stated = reader.merge(stated, facts);
        }
        var incident = new Incident(
                newId(),
                tenant,
                Incident.REPORTED,
                title,
                severity,
                facts == null ? Incident.State.OPEN : Incident.State.ASSESSED,
                null,
                null,
                awareAt == null ? now : awareAt,
                occurredAt,
                now,
                null,
                0,
                stated,
                null,
                null,
                null,
                1);
        store.insert(incident);
        opened(incident, Map.of("kind", Incident.REPORTED), actor);
        if (facts != null) {
            assessed(incident, actor);
        }
        return incident;
    }

    private void opened(Incident incident, Map<String, String> detail, Actor actor) {
        record(incident, "opened", actor, detail);
        tell(
                incident,
                new IncidentEvent.IncidentOpened(
                        incident.id(),
                        incident.kind(),
                        incident.severity().name().toLowerCase(Locale.ROOT),
                        incident.tenant(),
                        incident.awareAt()));
        bell.opened(incident);
    }

    public Optional<Incident> find(String id) {
        return store.find(id);
    }

    /// @throws dk.elleve.kit.problem.Problem `breach-unknown`, also for a case the transaction's scope does not
    ///     show
    public Incident require(String id) {
        return store.find(id).orElseThrow(Incidents::unknown);
    }

    /// The same, held against every other writer until the transaction ends.
    public Incident lock(String id) {
        return store.lock(id).orElseThrow(Incidents::unknown);
    }

    /// States facts about a locked case, as a merge patch.
    Incident state(Incident incident, @Nullable JsonNode patch, Actor actor) {
        var merged = reader.merge(incident.facts(), patch);
        reader.read(merged, "");
        var advice = assess(merged);
        var after = incident.withFacts(merged, advice.notifyAuthority(), advice.notifySubjects());
        store.update(after);
        record(
                after,
                "facts",
                actor,
                Map.of("changed", String.join(" ", Objects.requireNonNull(patch).propertyNames())));
        assessed(after, actor);
        return after;
    }

    private void assessed(Incident incident, Actor actor) {
        var advice = assess(incident.facts());
        record(incident, "assessed", actor, legs(advice.notifyAuthority(), advice.notifySubjects()));
        tell(
                incident,
                new IncidentEvent.IncidentAssessed(
                        incident.id(), advice.notifyAuthority(), advice.notifySubjects(), clock.instant()));
    }

    /// Decides on a locked case.
    public Incident decide(Incident incident, boolean authority, boolean subjects, String reason, Actor actor) {
        var now = clock.instant();
        var after = incident.decided(new Decision(authority, subjects, reason, now, actor.id()));
        store.update(after);
        var advice = assess(incident.facts());
        var detail = legs(authority, subjects);
        detail.put("reason", reason);
        if (advice.notifyAuthority() && !authority || advice.notifySubjects() && !subjects) {
            detail.put("advice", "less-than-advised");
        }
        record(after, "decided", actor, detail);
        tell(after, new IncidentEvent.IncidentDecided(incident.id(), authority, subjects, actor.id(), now));
        return after;
    }

    /// Somebody has been told of the case.
    ///
    /// @param to `dpo`, `tenant`, `authority` or `subjects`
    public void notified(Incident incident, String to, String notice, Actor actor) {
        record(incident, "notified", actor, Map.of("to", to, "notice", notice));
        tell(incident, new IncidentEvent.IncidentNotified(incident.id(), to, notice, clock.instant()));
    }

    /// The authority is proven to have been told of a locked case.
    public Incident toldAuthority(Incident incident, Instant sentAt) {
        var after = incident.toldAuthority(sentAt);
        store.update(after);
        return after;
    }

    /// Every notice that was decided on is proven to be sent.
    public void settle(Incident incident) {
        store.update(incident.notified());
    }

    /// Closes a locked case.
    Incident close(Incident incident, String effects, String remedialAction, Actor actor) {
        var now = clock.instant();
        var after = incident.closed(new Incident.Closure(effects, remedialAction, now, actor.id()));
        store.update(after);
        record(after, "closed", actor, Map.of());
        tell(after, new IncidentEvent.IncidentClosed(incident.id(), actor.id(), now));
        return after;
    }

    /// Adds to the timeline what no other step tells.
    public void record(Incident incident, String kind, Actor actor, Map<String, String> detail) {
        timeline.add(incident, Ids.nextText(), clock.instant(), kind, actor, detail);
    }

    public Assessment assess(ObjectNode facts) {
        return assessor.assess(reader.read(facts, ""));
    }

    /// What a kind is called: safe to say outside, as a title that a person wrote is not.
    public static Text titleOfKind(Incident incident) {
        return Kinds.title(incident.kind());
    }

    public static Text title(Incident incident) {
        return Kinds.title(incident);
    }

    /// Every case the transaction's scope shows, newest first; one more than the limit where there are more.
    public List<Incident> page(Incident.@Nullable Position before, int limit) {
        return store.page(EnumSet.allOf(Incident.State.class), before, limit);
    }

    List<TimelineEntry> timeline(String id, @Nullable String after, int limit) {
        return timeline.page(id, after, limit);
    }

    private void tell(Incident incident, IncidentEvent event) {
        outbox.add(Topic.BREACH_INCIDENTS, incident.id(), incident.tenant(), event);
    }

    private static String newId() {
        return "breach-" + Ids.nextText();
    }

    private static Map<String, String> about(Finding finding) {
        var detail = new TreeMap<>(finding.facts());
        detail.put(TimelineView.KIND, finding.kind());
        detail.put(TimelineView.RESOURCE, finding.resource());
        return detail;
    }

    private static Map<String, String> legs(boolean authority, boolean subjects) {
        var legs = new TreeMap<String, String>();
        legs.put("notifyAuthority", Boolean.toString(authority));
        legs.put("notifySubjects", Boolean.toString(subjects));
        return legs;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Problem unknown() {
        return BreachProblem.BREACH_UNKNOWN.with("No case that you may see has the id given in the path.");
    }
}
