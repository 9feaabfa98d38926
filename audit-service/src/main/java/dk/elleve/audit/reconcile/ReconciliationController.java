package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Capture;
import dk.elleve.audit.capture.Comparer;
import dk.elleve.audit.capture.Comparison;
import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.EntryKind;
import dk.elleve.audit.log.Journal;
import dk.elleve.audit.log.Mark;
import dk.elleve.audit.log.NewEntry;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
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
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Comparisons of the databases with the log of their changes.
@RestController
class ReconciliationController {

    /// @param state `equal`; `begun` where there was nothing to compare with yet; `different`;
    /// `unreadable`
    /// @param logged how many rows there should be
    /// @param live how many there were
    /// @param rows the first of those that differ; absent where the log does not lead to them for
    /// certain
    /// @param more how many differ besides
    record TableView(
            String name,
            String state,
            long logged,
            long live,
            @Nullable List<RowView> rows,
            @Nullable Long more) {}

    /// @param state `changed`; `missing` where only the log has it; `unexpected` where only the
    /// table has it
    /// @param key the primary key's values joined by commas: `SOURCE/TABLE/KEY` is the resource of
    /// its entries
    record RowView(String state, String key) {}

    /// @param state `equal`, or `different` where a table differs or cannot be compared
    record ReconciliationView(
            String id, String source, String state, Instant began, Instant ended, long rows, List<TableView> tables) {}

    /// @param source one of the captured databases; all of them, if absent
    record Wish(@Nullable String source) {}

    /// @param sources what will be compared
    record Accepted(List<String> sources) {}

    /// @param reason a word for why the table is taken as it is
    record Acceptance(
            @NotNull String table,

            @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,59}") String reason) {}

    private static final String LIST = "reconciliations";

    private final Reconciler reconciler;
    private final ReconciliationStore store;
    private final Capture capture;
    private final Comparer comparer;
    private final Journal journal;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    ReconciliationController(
            Reconciler reconciler,
            ReconciliationStore store,
            Capture capture,
            Comparer comparer,
            Journal journal,
            Transactions transactions,
            Idempotency idempotency,
            Cursors cursors,
            Clock clock) {
        this.reconciler = reconciler;
        this.store = store;
        this.capture = capture;
        this.comparer = comparer;
        this.journal = journal;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @RolesAllowed({Role.ADMINISTRATOR, Role.AUDITOR, Role.DPO})
    @Operation(summary = "Comparisons of the databases with the log of their changes, newest first")
    @GetMapping("/audit/reconciliations")
    Page<ReconciliationView> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        int size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(LIST, cursor));
        var rows = transactions.read(Scope.platform(), () -> store.page(size, before));
        return Page.of(
                        rows,
                        size,
                        last -> cursors.encode(
                                LIST, List.of(last.ended().toString(), last.id().toString())))
                .map(ReconciliationController::view);
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(summary = "Compare now; what comes out stands in the list afterwards")
    @PostMapping("/audit/reconciliations")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Accepted compare(@Valid @RequestBody Wish wish) {
        var source = wish.source();
        if (source != null && !capture.sources().contains(source)) {
            throw ReconcileProblem.SOURCE_UNKNOWN.with("The sources are " + String.join(", ", capture.sources()) + ".");
        }
        var sources = source == null ? capture.sources() : List.of(source);
        sources.forEach(reconciler::ask);
        return new Accepted(sources);
    }

    @RolesAllowed(Role.ADMINISTRATOR)
    @Operation(
            summary = "Take a table that differs as it is, from the next comparison on",
            description = "Its content is not changed. Who did it, and why, is an entry of the log.")
    @PostMapping("/audit/reconciliations/{id}/acceptance")
    ReconciliationView accept(@PathVariable String id, @Valid @RequestBody Acceptance body) {
        var made = transactions.read(Scope.platform(), () -> require(id));
        var table = made.comparison().tables().stream()
                .filter(each -> each.name().equals(body.table()) && each.verdict() == Comparison.Verdict.DIFFERENT)
                .findFirst()
                .orElseThrow(() ->
                        ReconcileProblem.NOTHING_TO_ACCEPT.with("Name a table that this comparison calls different."));
        var actor = Caller.current().actor();
        transactions.run(
                Scope.platform(),
                actor,
                () -> idempotency.once(Accepted.class, () -> {
                    var newest = store.newest(made.source()).orElse(made);
                    if (!newest.id().equals(made.id())) {
                        throw ReconcileProblem.NOT_THE_NEWEST.with(
                                "Look at the newest comparison of " + made.source() + " first.");
                    }
                    comparer.accept(made.source(), table.name());
                    journal.add(new NewEntry(
                            Ids.next(),
                            EntryKind.CHANGE,
                            Set.of(Mark.STAFF),
                            null,
                            clock.instant(),
                            new Content(
                                    actor,
                                    "reconciliation/" + made.source() + "/" + table.name(),
                                    null,
                                    Map.of(
                                            "accepted", table.name(),
                                            "reason", body.reason(),
                                            "logged", table.logged(),
                                            "live", table.live()),
                                    Map.of("reconciliation", made.id().toString()))));
                    return new Accepted(List.of(made.source()));
                }));
        reconciler.ask(made.source());
        return view(made);
    }

    private Reconciliation require(String id) {
        try {
            return store.find(UUID.fromString(id)).orElseThrow(() -> unknown());
        } catch (IllegalArgumentException notAnId) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return ReconcileProblem.RECONCILIATION_UNKNOWN.with("No comparison has the id given in the path.");
    }

    private static ReconciliationStore.Position position(List<String> parts) {
        return new ReconciliationStore.Position(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    }

    private static ReconciliationView view(Reconciliation made) {
        return new ReconciliationView(
                made.id().toString(),
                made.source(),
                made.state(),
                made.began(),
                made.ended(),
                made.comparison().rows(),
                made.comparison().tables().stream()
                        .map(ReconciliationController::view)
                        .toList());
    }

    private static TableView view(Comparison.Table table) {
        var differ = table.rows();
        return new TableView(
                table.name(),
                Reconciler.word(table.verdict()),
                table.logged(),
                table.live(),
                differ == null
                        ? null
                        : differ.rows().stream()
                                .map(row -> new RowView(Reconciler.word(row.kind()), row.key()))
                                .toList(),
                differ == null ? null : differ.more());
    }
}
