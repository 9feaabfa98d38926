package dk.elleve.audit.change;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The register of changes. Words and versions only: there is no field that could take a name or a sentence.
@RestController
class ChangeController {

    /// @param from not after `to`
    record Window(@NotNull Instant from, @NotNull Instant to) {}

    /// A change that begins.
    ///
    /// @param begun now, if absent
    record Beginning(
            @NotNull @Pattern(regexp = WORD) String what,
            @Nullable @Pattern(regexp = VERSION) String from,
            @NotNull @Pattern(regexp = VERSION) String to,
            @Nullable @Valid Window window,
            @Nullable Instant begun,
            @Nullable @Pattern(regexp = VERSION) String backup) {}

    /// How one ended.
    ///
    /// @param outcome `done`, `failed` or `rolled-back`
    /// @param ended now, if absent
    /// @param reason a word for why it did not end well
    record Ending(
            @NotNull @Pattern(regexp = "done|failed|rolled-back") String outcome,

            @Nullable Instant ended,
            @Nullable @Pattern(regexp = WORD) String reason) {}

    record ChangeView(
            String id,
            String state,
            String what,
            @Nullable String from,
            String to,
            @Nullable Window window,
            Instant begun,
            @Nullable Instant ended,
            @Nullable String reason,
            @Nullable String backup,
            Actor by) {}

    /// What the id of a new change is kept as under its idempotency key.
    record Accepted(UUID id) {}

    private static final String WORD = "[a-z][a-z0-9-]{0,59}";
    private static final String VERSION = "[A-Za-z0-9][A-Za-z0-9._+-]{0,99}";
    private static final String LIST = "changes";

    /// Clocks of different machines are not the same.
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private final Register register;
    private final ChangeStore store;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    ChangeController(
            Register register,
            ChangeStore store,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            Clock clock) {
        this.register = register;
        this.store = store;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO, Role.DEPLOYER})
    @Operation(summary = "Changes of the platform, newest first")
    @GetMapping("/changes")
    Page<ChangeView> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        int size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(LIST, cursor));
        var rows = transactions.read(Scope.platform(), () -> store.page(size, before));
        return Page.of(
                        rows,
                        size,
                        last -> cursors.encode(
                                LIST, List.of(last.begun().toString(), last.id().toString())))
                .map(ChangeController::view);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO, Role.DEPLOYER})
    @Operation(summary = "One change")
    @GetMapping("/changes/{id}")
    ChangeView one(@PathVariable String id) {
        return view(transactions.read(Scope.platform(), () -> require(id)));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DEPLOYER})
    @Operation(summary = "Put a change on the register as it begins")
    @PostMapping("/changes")
    ResponseEntity<ChangeView> begin(@Valid @RequestBody Beginning body) {
        var window = body.window();
        if (window != null && window.to().isBefore(window.from())) {
            throw wrong("/window/to", "is not before /window/from");
        }
        var begun = past(body.begun(), "/begun");
        var actor = Caller.current().actor();
        var change = transactions.write(Scope.platform(), actor, () -> {
            var accepted = idempotency.once(Accepted.class, () -> {
                var id = Ids.next();
                register.begin(new Change(
                        id,
                        body.what(),
                        body.from(),
                        body.to(),
                        window == null ? null : window.from(),
                        window == null ? null : window.to(),
                        begun,
                        body.backup(),
                        actor,
                        null));
                return new Accepted(id);
            });
            return require(accepted.id().toString());
        });
        return ResponseEntity.created(URI.create("/changes/" + change.id())).body(view(change));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DEPLOYER})
    @Operation(summary = "Say how a change ended")
    @PostMapping("/changes/{id}/outcome")
    ChangeView end(@PathVariable String id, @Valid @RequestBody Ending body) {
        var ended = past(body.ended(), "/ended");
        var actor = Caller.current().actor();
        return transactions.write(Scope.platform(), actor, () -> {
            var accepted = idempotency.once(Accepted.class, () -> {
                var change = require(id);
                if (ended.isBefore(change.begun())) {
                    throw wrong("/ended", "is not before the change began");
                }
                var end = new Change.End(ended, Change.Outcome.of(body.outcome()), body.reason());
                if (!register.end(change, end, actor)) {
                    throw ChangeProblem.CHANGE_ENDED.with("The first end that was reported stands.");
                }
                return new Accepted(change.id());
            });
            return view(require(accepted.id().toString()));
        });
    }

    private Change require(String id) {
        try {
            return store.find(UUID.fromString(id)).orElseThrow(ChangeController::unknown);
        } catch (IllegalArgumentException notAnId) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return ChangeProblem.CHANGE_UNKNOWN.with("No change has the id given in the path.");
    }

    private Instant past(@Nullable Instant said, String where) {
        var now = clock.instant();
        if (said != null && said.isAfter(now.plus(AHEAD))) {
            throw wrong(where, "is not in the future");
        }
        return (said == null ? now : said).truncatedTo(ChronoUnit.MICROS);
    }

    private static Problem wrong(String where, String rule) {
        return new Problem(
                CommonProblem.INVALID_REQUEST,
                "The field at " + where + " " + rule + ".",
                List.of(new Problem.At(where, rule)));
    }

    private static ChangeStore.Position position(List<String> parts) {
        return new ChangeStore.Position(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    }

    private static ChangeView view(Change change) {
        var end = change.end();
        var from = change.plannedFrom();
        var to = change.plannedTo();
        return new ChangeView(
                change.id().toString(),
                change.state(),
                change.what(),
                change.from(),
                change.to(),
                from == null || to == null ? null : new Window(from, to),
                change.begun(),
                end == null ? null : end.at(),
                end == null ? null : end.reason(),
                change.backup(),
                change.by());
    }
}
