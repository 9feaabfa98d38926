package dk.elleve.contracts.tenantdata;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;

/// What is gone, on `tenantdata.erasures.v1`, keyed by tenant.
public sealed interface ErasureEvent extends Event {

    TenantId tenant();

    /// All rows of the tenant are deleted and its key is destroyed: every copy anywhere is unreadable from now on.
    record TenantErased(TenantId tenant, long records, String keyId, Instant erasedAt) implements ErasureEvent {}

    /// The records of one person are deleted; the erasure journal keeps them deleted through any restore.
    ///
    /// @param subject the person's pseudonym within the tenant
    record SubjectErased(TenantId tenant, String subject, long records, Instant erasedAt) implements ErasureEvent {}
}
