package dk.elleve.kit.keyring;

import dk.elleve.contracts.TenantId;
import java.util.Optional;

/// Every tenant's key: one small object per tenant, wrapped by the master key, in a place that is never
/// backed up. Destroying the object makes everything of that tenant unreadable everywhere.
///
/// An opened key stays in memory for at most a minute, so a destruction reaches every service within that time.
public interface Keyring {

    /// The tenant's key; empty if it was never made or is destroyed.
    ///
    /// @throws WrongMasterKey if the object exists but the master key does not open it
    Optional<TenantKey> find(TenantId tenant);

    /// The tenant's key, made now if there is none. Of two at once both get the same key.
    /// Only tenant-data-service calls this.
    TenantKey create(TenantId tenant);

    /// Destroys the tenant's key for good; one that does not exist is fine. Only tenant-data-service calls this.
    void destroy(TenantId tenant);

    /// Forgets opened keys now, for instance when a destruction was heard of.
    void forget(TenantId tenant);

    /// The tenant's key, which must be there.
    ///
    /// @throws KeyGone if it was never made or is destroyed
    default TenantKey require(TenantId tenant) {
        return find(tenant).orElseThrow(() -> new KeyGone(tenant));
    }

    /// There is no key for this tenant: it is not opened yet, or it is erased.
    final class KeyGone extends RuntimeException {
        KeyGone(TenantId tenant) {
            super("There is no key for tenant " + tenant + ": it is not opened yet, or it is erased");
        }
    }

    /// The master key this service was given is not the one that wrapped this tenant's key.
    final class WrongMasterKey extends RuntimeException {
        WrongMasterKey(TenantId tenant, Throwable cause) {
            super(
                    "The master key does not open the key of tenant " + tenant + ": another master key wrapped it",
                    cause);
        }
    }
}
