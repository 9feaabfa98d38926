package dk.elleve.identity.tenant;

import dk.elleve.contracts.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A tenant as everybody sees it.
///
/// @param state `opening` until Keycloak has its organization, then `open`; `closing` in the grace period, then
/// `closed` for good
/// @param closesAt when the grace period ends; absent unless closing
public record Tenant(
        TenantId id,
        String name,
        State state,
        Instant askedAt,
        @Nullable Instant openedAt,
        @Nullable Instant closesAt) {

    public enum State {
        OPENING,
        OPEN,
        CLOSING,
        CLOSED
    }
}
