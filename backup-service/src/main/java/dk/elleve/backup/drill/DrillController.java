package dk.elleve.backup.drill;

import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.annotation.security.RolesAllowed;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class DrillController {

    /// What the id of an accepted order is kept as under its idempotency key.
    record Accepted(String id) {}

    /// @param state `running` also while it waits for its turn
    record DrillView(
            String id,
            String state,
            String cause,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            @Nullable String backup,
            @Nullable String position,
            @Nullable Instant restoredTo,
            @Nullable Duration recoveryTime,
            @Nullable Duration recoveryPoint,
            @Nullable Integer tablesCompared,
            @Nullable Long rowsCompared,
            @Nullable Integer erasuresReplayed,
            @Nullable Long recordsErased,
            @Nullable String reason) {

        static DrillView of(DrillRecord drill) {
            return new DrillView(
                    drill.id(),
                    drill.state() == DrillRecord.State.QUEUED
                            ? DrillRecord.State.RUNNING.word()
                            : drill.state().word(),
                    drill.cause(),
                    drill.startedAt() == null ? drill.requestedAt() : drill.startedAt(),
                    drill.finishedAt(),
                    drill.backup(),
                    drill.position(),
                    drill.restoredTo(),
                    drill.recoveryTime(),
                    drill.recoveryPoint(),
                    drill.tables(),
                    drill.records(),
                    drill.erasures(),
                    drill.recordsErased(),
                    drill.reason());
        }
    }

    private static final String LIST = "drills";

    private final Drills drills;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;

    DrillController(Drills drills, Transactions transactions, Idempotency idempotency, Cursors cursors) {
        this.drills = drills;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "Restore drills, newest first")
    @GetMapping("/backups/drills")
    Page<DrillView> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(LIST, cursor));
        return Page.of(
                        drills.page(size, before),
                        size,
                        drill ->
                                cursors.encode(LIST, List.of(drill.requestedAt().toString(), drill.id())))
                .map(DrillView::of);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR})
    @Operation(summary = "One drill")
    @GetMapping("/backups/drills/{id}")
    DrillView one(@PathVariable String id) {
        return DrillView.of(find(id));
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(summary = "Order a restore drill")
    @ApiResponse(responseCode = "202")
    @PostMapping("/backups/drills")
    ResponseEntity<DrillView> order() {
        if (!drills.possible()) {
            throw DrillProblem.DRILLS_NOT_SET_UP.with(
                    "Set elleve.backup.postgres.programs to the bin folder of a PostgreSQL of the cluster's version.");
        }
        var actor = Caller.current().actor();
        var accepted = transactions.write(
                Scope.platform(),
                actor,
                () -> idempotency.once(
                        Accepted.class, () -> new Accepted(drills.request(actor).id())));
        return ResponseEntity.accepted()
                .location(URI.create("/backups/drills/" + accepted.id()))
                .body(DrillView.of(find(accepted.id())));
    }

    private DrillRecord find(String id) {
        return drills.find(id)
                .orElseThrow(() -> DrillProblem.DRILL_UNKNOWN.with("No drill has the id given in the path."));
    }

    private static DrillStore.Position position(List<String> parts) {
        return new DrillStore.Position(Instant.parse(parts.get(0)), parts.get(1));
    }
}
