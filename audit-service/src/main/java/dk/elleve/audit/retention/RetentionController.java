package dk.elleve.audit.retention;

import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.contracts.Actor;
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
import dk.elleve.kit.time.Ids;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// How long what entries say is kept, and what is kept for longer. A tenant decides for its own
/// entries, the operator for everybody's that nobody decided for.
@RestController
class RetentionController {

    /// @param period such as `P2Y`; absent to keep it for good
    record NewRule(@Nullable Period period) {}

    /// @param tenant absent where it is the rule of everybody who has none of their own
    /// @param period absent where it is kept for good
    /// @param inForce since or from when
    record RuleView(
            @Nullable TenantId tenant,
            String entries,
            @Nullable Period period,
            Instant inForce) {}

    /// @param items the rules in force and those to come
    record RulesView(List<RuleView> items) {}

    /// @param tenant whose entries; a tenant's people hold their own only
    /// @param from entries that happened not before
    /// @param to entries that happened before
    /// @param reason a word
    record NewHold(
            @Nullable TenantId tenant,
            @Nullable Instant from,
            @Nullable Instant to,

            @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,59}") String reason) {}

    /// @param reason a word for why the rules may count again
    record Release(
            @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,59}") String reason) {}

    /// @param state `holding` or `released`
    /// @param releaseReason absent while it holds, and of holds released before reasons were asked for
    record HoldView(
            String id,
            String state,
            @Nullable TenantId tenant,
            String reason,
            @Nullable Instant from,
            @Nullable Instant to,
            Instant placed,
            @Nullable Instant released,
            @Nullable String releaseReason) {}

    /// What the id of a new hold is kept as under its idempotency key.
    record Accepted(UUID id) {}

    private static final String LIST = "holds";

    private final RetentionStore store;
    private final Journal journal;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    RetentionController(
            RetentionStore store,
            Journal journal,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            Clock clock) {
        this.store = store;
        this.journal = journal;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "How long what entries say is kept")
    @GetMapping("/audit/retention")
    RulesView rules() {
        var own = Caller.current().tenantOrNull();
        // What the operator decided counts for a tenant, too, so it is shown.
        var rules = transactions.read(Scope.platform(), () -> store.rules(clock.instant()));
        return new RulesView(rules.stream()
                .filter(rule -> own == null || rule.tenant() == null || own.equals(rule.tenant()))
                .map(RetentionController::view)
                .toList());
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.TENANT_ADMIN})
    @Operation(
            summary = "Say how long what entries of a class say is kept",
            description =
                    "A period comes into force after seven days; keeping for good does at once. Leaves and proofs stay.")
    @PutMapping("/audit/retention/{entries}")
    RuleView decide(
            @PathVariable String entries, @RequestParam @Nullable TenantId tenant, @Valid @RequestBody NewRule body) {
        var of = EntryClass.of(entries)
                .orElseThrow(() ->
                        RetentionProblem.CLASS_UNKNOWN.with("The classes are changes, accesses, reads and logins."));
        var period = body.period();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (period != null) {
            requireUsual(now, period);
        }
        var caller = Caller.current();
        var rule = new Rule(
                Ids.next(),
                whose(caller, tenant),
                of,
                period,
                period == null ? now : after(now, Rule.NOTICE),
                caller.actor(),
                now);
        transactions.run(caller.scope(), caller.actor(), () -> {
            store.add(rule);
            var said = new LinkedHashMap<String, @Nullable Object>();
            said.put("period", period == null ? null : period.toString());
            said.put("inForce", rule.inForce().toString());
            write(caller, rule.tenant(), now, "retention/" + of.word(), said);
        });
        return view(rule);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "Legal holds, newest first")
    @GetMapping("/audit/holds")
    Page<HoldView> holds(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var scope = Caller.current().scope();
        var list = LIST + "/" + scope.setting();
        int size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        var rows = transactions.read(scope, () -> store.holds(size, before));
        return Page.of(
                        rows,
                        size,
                        last -> cursors.encode(
                                list, List.of(last.at().toString(), last.id().toString())))
                .map(RetentionController::view);
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DPO, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "Keep what entries say until the hold is released, whatever the rules say")
    @PostMapping("/audit/holds")
    ResponseEntity<HoldView> hold(@Valid @RequestBody NewHold body) {
        var from = body.from();
        var to = body.to();
        if (from != null && to != null && !from.isBefore(to)) {
            throw new Problem(
                    CommonProblem.INVALID_REQUEST,
                    "The field at /to is not after /from.",
                    List.of(new Problem.At("/to", "is after /from")));
        }
        var caller = Caller.current();
        var hold = transactions.write(caller.scope(), caller.actor(), () -> {
            var accepted = idempotency.once(Accepted.class, () -> {
                var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                var placed = new Hold(
                        Ids.next(),
                        whose(caller, body.tenant()),
                        body.reason(),
                        from,
                        to,
                        caller.actor(),
                        now,
                        null,
                        null);
                store.add(placed);
                var said = new LinkedHashMap<String, @Nullable Object>();
                said.put("reason", body.reason());
                said.put("from", from == null ? null : from.toString());
                said.put("to", to == null ? null : to.toString());
                write(caller, placed.tenant(), now, "hold/" + placed.id(), said);
                return new Accepted(placed.id());
            });
            return require(accepted.id().toString());
        });
        return ResponseEntity.created(URI.create("/audit/holds/" + hold.id())).body(view(hold));
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.DPO, Role.TENANT_ADMIN, Role.TENANT_DPO})
    @Operation(summary = "End a hold: the rules count again")
    @PostMapping("/audit/holds/{id}/release")
    HoldView release(@PathVariable String id, @Valid @RequestBody Release body) {
        var caller = Caller.current();
        return transactions.write(caller.scope(), caller.actor(), () -> {
            var accepted = idempotency.once(Accepted.class, () -> {
                var hold = require(id);
                var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
                if (caller.isStaff() == (hold.by().kind() == Actor.Kind.USER)) {
                    throw RetentionProblem.HOLD_OF_THE_OPERATOR.with("Whoever placed a hold releases it.");
                }
                if (!store.release(hold, body.reason(), caller.actor(), now)) {
                    throw RetentionProblem.HOLD_RELEASED.with("Nothing is left to do.");
                }
                write(
                        caller,
                        hold.tenant(),
                        now,
                        "hold/" + hold.id(),
                        Map.of("released", now.toString(), "reason", body.reason()));
                return new Accepted(hold.id());
            });
            return view(require(accepted.id().toString()));
        });
    }

    /// A tenant's people decide for their tenant and for nobody else.
    private static @Nullable TenantId whose(Caller caller, @Nullable TenantId asked) {
        var own = caller.tenantOrNull();
        if (own != null && asked != null && !own.equals(asked)) {
            throw CommonProblem.FORBIDDEN.with("That is another tenant's.");
        }
        return own != null ? own : asked;
    }

    private void write(
            Caller caller, @Nullable TenantId tenant, Instant at, String resource, Map<String, @Nullable Object> said) {
        journal.add(new NewEntry(
                Ids.next(),
                EntryKind.CHANGE,
                caller.isStaff() ? Set.of(Mark.STAFF) : Set.of(),
                tenant,
                at,
                new Content(caller.actor(), resource, null, said, Map.of())));
    }

    private Hold require(String id) {
        try {
            return store.hold(UUID.fromString(id)).orElseThrow(RetentionController::unknown);
        } catch (IllegalArgumentException notAnId) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return RetentionProblem.HOLD_UNKNOWN.with("Take the id from the list of holds.");
    }

    private static void requireUsual(Instant now, Period period) {
        try {
            if (period.toTotalMonths() < 0 || after(now, period).isBefore(after(now, Rule.LEAST))) {
                throw RetentionProblem.PERIOD_TOO_SHORT.with("The shortest period is 30 days.");
            }
            if (!after(now, period).isAfter(after(now, Rule.MOST))) {
                return;
            }
        } catch (DateTimeException | ArithmeticException beyond) {
            // No calendar goes so far.
        }
        throw RetentionProblem.PERIOD_TOO_LONG.with("The longest period is 100 years; without one, it is for good.");
    }

    private static Instant after(Instant now, Period period) {
        return now.atOffset(ZoneOffset.UTC).plus(period).toInstant();
    }

    private static RetentionStore.Position position(List<String> parts) {
        return new RetentionStore.Position(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    }

    private static RuleView view(Rule rule) {
        return new RuleView(rule.tenant(), rule.of().word(), rule.period(), rule.inForce());
    }

    private static HoldView view(Hold hold) {
        return new HoldView(
                hold.id().toString(),
                hold.released() == null ? "holding" : "released",
                hold.tenant(),
                hold.reason(),
                hold.from(),
                hold.to(),
                hold.at(),
                hold.released(),
                hold.releaseReason());
    }
}
