package dk.elleve.audit.search;

import dk.elleve.audit.log.LogStore;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.tenancy.Scope;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Turns what people ask for into what stands in the columns: actors and resources are blind
/// indexes there.
@Component
class EntryFilters {

    /// Changes nobody answers for.
    private static final List<String> WITHOUT_AUTHOR = List.of("unattributed", "forged", "replayed");

    private final LogStore store;
    private final SavedSearchStore searches;
    private final PayloadSeal seal;
    private final Clock clock;

    EntryFilters(LogStore store, SavedSearchStore searches, PayloadSeal seal, Clock clock) {
        this.store = store;
        this.searches = searches;
        this.seal = seal;
        this.clock = clock;
    }

    /// Belongs into a transaction of the caller, in its scope.
    ///
    /// @param search the id of a saved search that the query narrows, if any
    EntryFilter of(Caller caller, EntryQuery query, @Nullable String search) {
        var scope = caller.scope();
        var asked = search == null
                ? query
                : query.over(SavedSearchController.require(searches, caller, search)
                        .text()
                        .query());
        var tenant = asked.tenant();
        return new EntryFilter(
                asked.actor() == null ? null : indexes(scope, tenant, List.of("actor"), asked.actor()),
                asked.resource() == null
                        ? null
                        : indexes(scope, tenant, List.of("resource", "table"), asked.resource()),
                tenant,
                asked.kind() == null ? null : List.of(asked.kind()),
                Boolean.TRUE.equals(asked.unattributed())
                        ? WITHOUT_AUTHOR
                        : asked.flag() == null ? null : List.of(asked.flag()),
                asked.begin(clock.instant()),
                asked.to());
    }

    /// The value under every key it may have been indexed with: the platform's, and those of the
    /// tenants in sight.
    private List<byte[]> indexes(Scope scope, @Nullable String tenant, List<String> fields, String value) {
        var tenants = switch (scope) {
            case Scope.Tenant(var id) -> List.of(id);
            case Scope.Platform() ->
                store.tenants().stream()
                        .filter(id -> tenant == null || id.value().equals(tenant))
                        .toList();
        };
        var indexes = new ArrayList<byte[]>();
        for (var field : fields) {
            seal.indexOf(null, field, value).ifPresent(indexes::add);
            tenants.forEach(id -> seal.indexOf(id, field, value).ifPresent(indexes::add));
        }
        return indexes;
    }
}
