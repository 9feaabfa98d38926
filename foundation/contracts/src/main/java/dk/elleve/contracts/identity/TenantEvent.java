package dk.elleve.contracts.identity;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;

/// The life of a tenant, on the compacted topic `identity.tenants.v1`, keyed by tenant: each event carries the whole
/// state.
public sealed interface TenantEvent extends Event {

    TenantId tenant();

    /// The tenant's organization exists and people can be let in.
    ///
    /// @param name what people call the company; not personal data
    record TenantOpened(TenantId tenant, String name, Instant openedAt) implements TenantEvent {}

    /// The tenant's name was changed.
    record TenantChanged(TenantId tenant, String name, Instant openedAt, Instant changedAt) implements TenantEvent {}

    /// Closing was asked for; it can be taken back until the grace period ends.
    record TenantClosing(TenantId tenant, String name, Instant openedAt, Instant closesAt) implements TenantEvent {}

    /// Nobody can sign in any more; whoever holds the tenant's data erases it now.
    record TenantClosed(TenantId tenant, Instant closedAt) implements TenantEvent {}
}
