package dk.elleve.audit.search;

import dk.elleve.audit.log.LogStore;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.kit.security.Caller;
import dk.elleve.kit.tenancy.Scope;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Turns what people ask for into what stands in the columns: actors and resources are blind
/// indexes there.
@Component
class EntryFilters {

    /// Changes nobody answers for.
    private static final List<String> WITHOUT_AUTHOR = List.of("unattributed", "forged", "replayed");

    /// One record of a tenant, which entries may tell of though it is not their resource: who looked at it.
    private static final Pattern RECORD = Pattern.compile("tenant_data/record/[^,]+,[^,]+,[^,]+,[^,]+");

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
        var tenant = scope instanceof Scope.Tenant(var own) ? own.value() : asked.tenant();
        boolean isAnothers = asked.tenant() != null && !asked.tenant().equals(tenant);
        var resource = asked.resource();
        boolean record = resource != null && RECORD.matcher(resource).matches();
        return new EntryFilter(
                // Of another tenant nothing may be seen, whoever did it: there is no need to look.
                isAnothers ? List.of() : indexes(scope, tenant, List.of("actor"), asked.actor()),
                record ? null : indexes(scope, tenant, List.of("resource", "table"), resource),
                record ? indexes(scope, tenant, List.of("resource"), resource) : null,
                indexes(scope, tenant, List.of("grant"), asked.grant()),
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
    private @Nullable List<byte[]> indexes(
            Scope scope, @Nullable String tenant, List<String> fields, @Nullable String value) {
        if (value == null) {
            return null;
        }
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
