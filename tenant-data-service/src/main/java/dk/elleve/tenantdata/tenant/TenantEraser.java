package dk.elleve.tenantdata.tenant;

import dk.elleve.contracts.TenantId;

/// Erases what this service holds for a tenant that is closed. Safe to repeat after any interruption.
public interface TenantEraser {

    /// @param eventId the event that asks for it; one that was handled before changes nothing
    void erase(TenantId tenant, String eventId);
}
