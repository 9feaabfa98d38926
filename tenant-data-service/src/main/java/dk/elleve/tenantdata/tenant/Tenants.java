package dk.elleve.tenantdata.tenant;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// Which tenants there are. Every method runs inside the caller's transaction.
@Component
public class Tenants {

    private final TenantStore store;

    Tenants(TenantStore store) {
        this.store = store;
    }

    /// Goes on only for a tenant whose data may be read.
    ///
    /// @throws Problem `tenant-not-ready` or `tenant-closed`
    public void mustBeOpen(TenantId tenant) {
        check(store.find(tenant));
    }

    /// The same for a write: the tenant stays open until the transaction ends.
    public void holdOpen(TenantId tenant) {
        check(store.hold(tenant));
    }

    private static void check(Optional<TenantStore.Kept> kept) {
        if (kept.isEmpty()) {
            throw new Problem(
                    TenantProblem.TENANT_NOT_READY,
                    "The tenant is being opened, or its name is wrong. Retry in a moment.",
                    List.of(),
                    Map.of("Retry-After", "2"));
        }
        if (kept.get().state() == TenantState.CLOSED) {
            throw TenantProblem.TENANT_CLOSED.with("Its rows are deleted and its key is destroyed.");
        }
    }

    /// Waits for everybody who writes for the tenant, and keeps others out until the transaction ends.
    ///
    /// @return whether there is still something to close, with the id of its key if it had one
    public Optional<Closing> lockForClosing(TenantId tenant) {
        var kept = store.lock(tenant);
        if (kept.isPresent() && kept.get().state() == TenantState.CLOSED) {
            return Optional.empty();
        }
        return Optional.of(new Closing(
                Optional.ofNullable(kept.map(TenantStore.Kept::keyId).orElse(null))));
    }

    /// A tenant that is about to be closed.
    public record Closing(Optional<String> keyId) {}

    /// @param records how many records were deleted with it
    public void close(TenantId tenant, long records, Instant now) {
        store.close(tenant, records, now);
    }

    /// Opens a tenant of this service's own, without an event; safe to repeat.
    public void openOwn(TenantId tenant, String name, String keyId, Instant now) {
        if (store.find(tenant).isEmpty()) {
            store.put(tenant, name, "open", keyId, now, null, now);
        }
    }

    /// Every tenant that is not closed; asked for in the platform's scope.
    public List<TenantId> all() {
        return store.all();
    }
}
