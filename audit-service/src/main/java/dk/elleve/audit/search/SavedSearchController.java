package dk.elleve.audit.search;

import dk.elleve.kit.cursor.Cursors;
import dk.elleve.kit.cursor.Page;
import dk.elleve.kit.idempotency.Idempotency;
import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.security.Role;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Searches that are kept under a name, and asked for by their id: what they look for stands in no address then. They
/// are
/// shared by the operator's people, or by those of one tenant.
@RestController
@RolesAllowed({Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR, Role.TENANT_ADMIN, Role.TENANT_DPO})
class SavedSearchController {

    /// @param query what `GET /audit/entries` takes
    record NewSearch(
            @NotBlank @Size(max = 100) String name, @NotNull EntryQuery query) {}

    /// @param mine whether the caller saved it
    record SearchView(String id, String name, EntryQuery query, boolean mine, Instant createdAt) {}

    /// What the id of a new search is kept as under its idempotency key.
    record Accepted(UUID id) {}

    private static final String LIST = "searches";
    private static final int MOST = 500;

    private final SavedSearchStore store;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Cursors cursors;
    private final Clock clock;

    SavedSearchController(
            SavedSearchStore store, Transactions transactions, Idempotency idempotency, Cursors cursors, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.cursors = cursors;
        this.clock = clock;
    }

    @Operation(summary = "Saved searches, newest first")
    @GetMapping("/audit/searches")
    Page<SearchView> list(@RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
        var caller = Caller.current();
        var list = LIST + "/" + caller.scope().setting();
        int size = Page.limit(limit);
        var before = cursor == null ? null : position(cursors.decode(list, cursor));
        var rows = transactions.read(caller.scope(), () -> store.page(caller.tenantOrNull(), size, before));
        return Page.of(
                        rows,
                        size,
                        last -> cursors.encode(
                                list,
                                List.of(last.createdAt().toString(), last.id().toString())))
                .map(search -> view(search, caller));
    }

    @Operation(summary = "Save a search under a name")
    @PostMapping("/audit/searches")
    ResponseEntity<SearchView> save(@Valid @RequestBody NewSearch body) {
        var caller = Caller.current();
        var tenant = caller.tenantOrNull();
        var search = transactions.write(caller.scope(), caller.actor(), () -> {
            var accepted = idempotency.once(Accepted.class, () -> {
                if (store.count(tenant) >= MOST) {
                    throw SearchProblem.TOO_MANY_SEARCHES.with("Delete one of the " + MOST + " that are there.");
                }
                var id = Ids.next();
                store.add(new SavedSearch(
                        id,
                        tenant,
                        caller.subject(),
                        clock.instant().truncatedTo(ChronoUnit.MICROS),
                        new SavedSearch.Text(body.name().strip(), body.query())));
                return new Accepted(id);
            });
            return require(store, caller, accepted.id().toString());
        });
        return ResponseEntity.created(URI.create("/audit/searches/" + search.id()))
                .body(view(search, caller));
    }

    @Operation(summary = "Delete a saved search; administrators delete anybody's")
    @DeleteMapping("/audit/searches/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        var caller = Caller.current();
        transactions.run(caller.scope(), caller.actor(), () -> {
            var search = require(store, caller, id);
            if (!search.owner().equals(caller.subject())
                    && !caller.has(Role.ADMINISTRATOR)
                    && !caller.has(Role.TENANT_ADMIN)) {
                throw SearchProblem.SEARCH_OF_ANOTHER.with("Ask whoever saved it, or an administrator.");
            }
            store.remove(search.id());
        });
    }

    /// Belongs into a transaction of the caller.
    static SavedSearch require(SavedSearchStore store, Caller caller, String id) {
        try {
            return store.find(caller.tenantOrNull(), UUID.fromString(id)).orElseThrow(SavedSearchController::unknown);
        } catch (IllegalArgumentException notAnId) {
            throw unknown();
        }
    }

    private static Problem unknown() {
        return SearchProblem.SEARCH_UNKNOWN.with("Take the id from the list of saved searches.");
    }

    private static SavedSearchStore.Position position(List<String> parts) {
        return new SavedSearchStore.Position(Instant.parse(parts.get(0)), UUID.fromString(parts.get(1)));
    }

    private static SearchView view(SavedSearch search, Caller caller) {
        return new SearchView(
                search.id().toString(),
                search.text().name(),
                search.text().query(),
                search.owner().equals(caller.subject()),
                search.createdAt());
    }
}
