package dk.elleve.contracts.identity;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The life of one lent access, on the compacted topic `identity.grants.v1`, keyed by grant.
public sealed interface GrantEvent extends Event {

    String grant();

    /// The whole grant as of this state. The reason and the ticket stay in identity-service: people write names into
    /// them.
    ///
    /// @param grant the grant's id
    /// @param state `requested`, `approved`, `active`, `expired`, `revoked`, `denied`, `failed`, `review-due`,
    ///     `reviewed`
    /// @param holder who may use it (Keycloak subject)
    /// @param decidedBy who approved, denied or revoked it, if anybody has
    /// @param tenants the tenants it reaches
    /// @param access `read` or `write`
    /// @param path `api` or `database`
    /// @param expiresAt when it ends by itself; absent before it is active
    record GrantChanged(
            String grant,
            String state,
            String holder,
            @Nullable String decidedBy,
            List<TenantId> tenants,
            String access,
            String path,
            Instant changedAt,
            @Nullable Instant expiresAt)
            implements GrantEvent {

        public GrantChanged {
            tenants = List.copyOf(tenants);
        }
    }
}
