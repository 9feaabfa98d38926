package dk.elleve.audit.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import dk.elleve.audit.log.Content;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.problem.CommonProblem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RolesAllowed({Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
class EntryController {

    /// @param request the id the caller was told; absent for what no request caused
    /// @param trace the trace that led to it, as the logs of the services name it
    /// @param actor absent, like resource and images, when the tenant's key is destroyed (flagged
    ///     `erased`), when its time was over (`expired`), or when the stored text is not what was
    ///     sealed or cannot be read (`damaged`)
    record EntryView(
            long index,
            Instant time,
            String kind,
            @Nullable TenantId tenant,
            @Nullable Actor actor,
            @Nullable String resource,

            @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> before,

            @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS) @Nullable Map<String, @Nullable Object> after,

            @Nullable String request,
            @Nullable String trace,
            List<String> flags) {}

    private static final Logger log = LoggerFactory.getLogger(EntryController.class);

    private final SearchStore store;
    private final EntryFilters filters;
    private final PayloadSeal seal;
    private final Transactions transactions;
    private final Cursors cursors;

    EntryController(
            SearchStore store, EntryFilters filters, PayloadSeal seal, Transactions transactions, Cursors cursors) {
        this.store = store;
        this.filters = filters;
        this.seal = seal;
        this.transactions = transactions;
        this.cursors = cursors;
    }

    /// @param search the id of a saved search; what else is given narrows it
    @Operation(summary = "Entries of the audit log, newest first")
    @GetMapping("/audit/entries")
    Page<EntryView> list(
            @ParameterObject EntryQuery query,
            @RequestParam @Nullable String search,
            @RequestParam @Nullable Integer limit,
            @RequestParam @Nullable String cursor) {
        var caller = Caller.current();
        int size = Page.limit(limit);
        var list = String.join("\n", "audit", caller.scope().setting(), query.toString(), String.valueOf(search));
        var before = cursor == null
                ? null
                : Long.valueOf(cursors.decode(list, cursor).getFirst());
        var found =
                transactions.read(caller.scope(), () -> store.page(filters.of(caller, query, search), size, before));
        var next = found.before() == null
                ? null
                : cursors.encode(list, List.of(found.before().toString()));
        return new Page<>(found.rows(), next).map(this::view);
    }

    @Operation(summary = "One entry")
    @GetMapping("/audit/entries/{index}")
    EntryView one(@PathVariable long index) {
        return transactions
                .read(Caller.current().scope(), () -> store.find(index))
                .map(this::view)
                .orElseThrow(() -> CommonProblem.NOT_FOUND.with("Take the index from the list of entries."));
    }

    private EntryView view(EntryRow row) {
        var payload = row.payload();
        if (payload == null) {
            return closed(row, "expired");
        }
        try {
            return seal.open(row.eventId(), row.tenant(), row.underTenantKey(), row.time(), payload)
                    .map(content -> view(row, content))
                    .orElseGet(() -> closed(row, "erased"));
        } catch (PayloadSeal.Tampered tampered) {
            // Whoever changes one payload must not be able to hide the others behind it.
            log.error("The log holds a damaged entry at {}", row.index(), tampered);
            return closed(row, "damaged");
        }
    }

    private static EntryView view(EntryRow row, Content content) {
        boolean seen = OperatorsTables.mayBeShown(content, Caller.current().isStaff());
        return new EntryView(
                row.index(),
                row.time(),
                row.kind(),
                row.tenant(),
                content.actor(),
                content.resource(),
                seen ? content.before() : null,
                seen ? content.after() : null,
                content.origin().get("request"),
                content.origin().get("trace"),
                row.flags());
    }

    private static EntryView closed(EntryRow row, String why) {
        return new EntryView(
                row.index(),
                row.time(),
                row.kind(),
                row.tenant(),
                null,
                null,
                null,
                null,
                null,
                null,
                Stream.concat(row.flags().stream(), Stream.of(why)).toList());
    }
}
