package dk.elleve.breach.decision;

import dk.elleve.breach.BreachProblem;
import dk.elleve.breach.PlainText;
import dk.elleve.breach.Precondition;
import dk.elleve.breach.incident.Decision;
import dk.elleve.breach.incident.Incidents;
import dk.elleve.breach.notice.Notices;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Only the data protection officer decides, always with a reason. Until the case is closed a new decision may
/// replace one; the timeline keeps both.
@RestController
class DecisionController {

    record Made(String id) {}

    @Schema(name = "NewDecision")
    record Body(
            @NotNull @Nullable Boolean notifyAuthority,
            @NotNull @Nullable Boolean notifySubjects,
            @NotBlank @Size(max = 4000) @PlainText String reason) {}

    record DecisionView(
            String breach,
            String state,
            boolean notifyAuthority,
            boolean notifySubjects,
            String reason,
            Instant decidedAt,
            String decidedBy) {}

    private final Incidents incidents;
    private final Notices notices;
    private final Transactions transactions;
    private final Idempotency idempotency;

    DecisionController(Incidents incidents, Notices notices, Transactions transactions, Idempotency idempotency) {
        this.incidents = incidents;
        this.notices = notices;
        this.transactions = transactions;
        this.idempotency = idempotency;
    }

    @RolesAllowed(Role.DPO)
    @Operation(summary = "Decide whom to notify")
    @ApiResponse(responseCode = "201")
    @PostMapping("/breaches/{id}/decision")
    ResponseEntity<DecisionView> decide(
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String match,
            @Valid @RequestBody Body body) {
        var caller = Caller.current();
        var incident = transactions.write(caller.scope(), caller.actor(), () -> {
            idempotency.once(Made.class, () -> {
                var found = incidents.lock(id);
                Precondition.allowed(match, found.version());
                var decided = incidents.decide(
                        found,
                        Boolean.TRUE.equals(body.notifyAuthority()),
                        Boolean.TRUE.equals(body.notifySubjects()),
                        body.reason().strip(),
                        caller.actor());
                notices.settle(decided);
                return new Made(id);
            });
            return incidents.require(id);
        });
        Decision made = incident.decision();
        if (made == null) {
            throw BreachProblem.BREACH_NOT_DECIDED.with(
                    "This decision was recorded, but later facts ask for more than it did: decide again with a new key.");
        }
        return ResponseEntity.status(HttpStatus.CREATED)
                .eTag(Precondition.tag(incident.version()))
                .body(new DecisionView(
                        incident.id(),
                        incident.state().word(),
                        made.notifyAuthority(),
                        made.notifySubjects(),
                        made.reason(),
                        made.decidedAt(),
                        made.decidedBy()));
    }
}
