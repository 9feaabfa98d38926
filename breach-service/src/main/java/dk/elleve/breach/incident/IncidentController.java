package dk.elleve.breach.incident;

import dk.elleve.breach.PlainText;
import dk.elleve.breach.Precondition;
import dk.elleve.breach.assessment.Assessment;
import dk.elleve.breach.obligation.Obligations;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Cases. Staff see all of them; a tenant's administrator and officer see their own tenant's, which they are the
/// controller of, and cannot change them.
@RestController
class IncidentController {

    /// What the id of a new case is kept as under its idempotency key.
    record Accepted(String id) {}

    /// @param awareAt when the reporter became aware; now, if absent
    record Report(
            @Nullable @Size(min = 1, max = 200) @PlainText String title,
            Finding.@Nullable Severity severity,
            @Nullable TenantId tenant,
            @Nullable Instant awareAt,
            @Nullable Instant occurredAt,
            @Nullable JsonNode facts) {}

    record End(
            @NotBlank @Size(max = 4000) @PlainText String effects,
            @NotBlank @Size(max = 4000) @PlainText String remedialAction) {}

    private static final String LIST = "breaches";

    private final Incidents incidents;
    private final IncidentStore store;
    private final Obligations obligations;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    IncidentController(
            Incidents incidents,
            IncidentStore store,
            Obligations obligations,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            Clock clock) {
        this.incidents = incidents;
        this.store = store;
        this.obligations = obligations;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "Breach cases, newest first")
    @GetMapping("/breaches")
    Page<IncidentView> list(
            @RequestParam(defaultValue = "") List<String> state,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        var scope = Caller.current().scope();
        var states = states(state);
        var size = Page.limit(limit);
        var list = LIST + "/" + scope.setting() + "/" + states;
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        var rows = transactions.read(scope, () -> store.page(states, before, size));
        return Page.of(
                        rows,
                        size,
                        last -> cursors.encode(list, List.of(last.openedAt().toString(), last.id())))
                .map(each -> IncidentView.brief(each, obligations));
    }

    @RolesAllowed({
        Role.DPO,
        Role.ADMINISTRATOR,
        Role.TECHNICAL_MANAGER,
        Role.SUPPORT,
        Role.TENANT_ADMIN,
        Role.TENANT_DPO
    })
    @Operation(summary = "Report a case")
    @ApiResponse(responseCode = "201")
    @PostMapping("/breaches")
    ResponseEntity<IncidentView> report(@Valid @RequestBody Report body) {
        var caller = Caller.current();
        var scope = caller.scope();
        var tenant = tenantOf(body, scope);
        var now = clock.instant();
        if (body.awareAt() != null && body.awareAt().isAfter(now)) {
            throw wrong("/awareAt", "is not in the future");
        }
        var severity = body.severity() == null ? Finding.Severity.MEDIUM : body.severity();
        var incident = transactions.write(scope, caller.actor(), () -> {
            var accepted = idempotency.once(
                    Accepted.class,
                    () -> new Accepted(incidents
                            .report(
                                    body.title(),
                                    severity,
                                    tenant,
                                    body.awareAt(),
                                    body.occurredAt(),
                                    body.facts(),
                                    caller.actor())
                            .id()));
            return incidents.require(accepted.id());
        });
        return ResponseEntity.created(URI.create("/breaches/" + incident.id()))
                .eTag(Precondition.tag(incident.version()))
                .body(IncidentView.full(incident, obligations, now));
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "One case")
    @GetMapping("/breaches/{id}")
    ResponseEntity<IncidentView> one(@PathVariable String id) {
        return answer(transactions.read(Caller.current().scope(), () -> incidents.require(id)));
    }

    /// A merge patch (RFC 7396): null takes a fact away.
    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR})
    @Operation(summary = "State facts of a case (JSON merge patch)")
    @PatchMapping("/breaches/{id}/facts")
    ResponseEntity<IncidentView> state(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            @RequestBody @Nullable JsonNode patch) {
        var caller = Caller.current();
        return answer(transactions.write(caller.scope(), caller.actor(), () -> {
            var incident = incidents.lock(id);
            Precondition.required(match, incident.version());
            return incidents.state(incident, patch, caller.actor());
        }));
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "What the facts mean: whom to notify, by which rules")
    @GetMapping("/breaches/{id}/assessment")
    Assessment assessment(@PathVariable String id) {
        var incident = transactions.read(Caller.current().scope(), () -> incidents.require(id));
        return incidents.assess(incident.facts());
    }

    @RolesAllowed({Role.DPO, Role.ADMINISTRATOR, Role.AUDITOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "What happened in a case, in order")
    @GetMapping("/breaches/{id}/timeline")
    Page<TimelineView> timeline(
            @PathVariable String id, @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var size = Page.limit(limit);
        var list = LIST + "/" + id + "/timeline";
        var caller = Caller.current();
        var after = cursor == null ? null : cursors.decode(list, cursor).getFirst();
        var rows = transactions.read(caller.scope(), () -> {
            incidents.require(id);
            return incidents.timeline(id, after, size);
        });
        return Page.of(rows, size, last -> cursors.encode(list, List.of(last.id())))
                .map(entry -> TimelineView.of(entry, caller.isStaff()));
    }

    @RolesAllowed(Role.DPO)
    @Operation(summary = "Close a case")
    @PostMapping("/breaches/{id}/closure")
    ResponseEntity<IncidentView> close(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            @Valid @RequestBody End end) {
        var caller = Caller.current();
        return answer(transactions.write(caller.scope(), caller.actor(), () -> {
            idempotency.once(Accepted.class, () -> {
                var incident = incidents.lock(id);
                Precondition.allowed(match, incident.version());
                incidents.close(
                        incident, end.effects().strip(), end.remedialAction().strip(), caller.actor());
                return new Accepted(id);
            });
            return incidents.require(id);
        }));
    }

    private ResponseEntity<IncidentView> answer(Incident incident) {
        return ResponseEntity.ok()
                .eTag(Precondition.tag(incident.version()))
                .body(IncidentView.full(incident, obligations, clock.instant()));
    }

    /// A tenant's own people report for their tenant and for nobody else.
    private static @Nullable TenantId tenantOf(Report body, Scope scope) {
        return switch (scope) {
            case Scope.Platform() -> body.tenant();
            case Scope.Tenant(var own) -> {
                if (body.tenant() != null && !body.tenant().equals(own)) {
                    throw wrong("/tenant", "is your own tenant, or left out");
                }
                yield own;
            }
        };
    }

    private static Problem wrong(String pointer, String rule) {
        return new Problem(
                CommonProblem.INVALID_REQUEST, "Some fields are not valid.", List.of(new Problem.At(pointer, rule)));
    }

    /// Those that are named, or all.
    private static Set<Incident.State> states(List<String> words) {
        if (words.isEmpty()) {
            return EnumSet.allOf(Incident.State.class);
        }
        var states = EnumSet.noneOf(Incident.State.class);
        for (var word : words) {
            states.add(Arrays.stream(Incident.State.values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> wrong("state", "is open, assessed, decided, notified or closed, or several")));
        }
        return states;
    }

    private static Incident.Position position(List<String> parts) {
        return new Incident.Position(Instant.parse(parts.get(0)), parts.get(1));
    }
}
