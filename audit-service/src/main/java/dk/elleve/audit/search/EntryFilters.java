package dk.elleve.audit.search;

import dk.elleve.audit.log.LogStore;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.kit.tenancy.Scope;
import java.time.Instant;
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
    private final PayloadSeal seal;

    EntryFilters(LogStore store, PayloadSeal seal) {
        this.store = store;
        this.seal = seal;
    }

    /// Belongs into a transaction of the caller, in this scope.
    EntryFilter of(
            Scope scope,
            @Nullable String actor,
            @Nullable String tenant,
            @Nullable String kind,
            @Nullable String resource,
            @Nullable String flag,
            boolean unattributed,
            @Nullable Instant from,
            @Nullable Instant to) {
        return new EntryFilter(
                actor == null ? null : indexes(scope, tenant, List.of("actor"), actor),
                resource == null ? null : indexes(scope, tenant, List.of("resource", "table"), resource),
                tenant,
                kind == null ? null : List.of(kind),
                unattributed ? WITHOUT_AUTHOR : flag == null ? null : List.of(flag),
                from,
                to);
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
