package dk.elleve.contracts.identity;

import dk.elleve.contracts.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Sign-ins as Keycloak's event tables tell them, on `identity.logins.v1`, keyed by user.
public sealed interface LoginEvent extends Event {

    /// @param user the Keycloak subject, absent where nobody was recognized
    /// @param kind Keycloak's event type in lower case with hyphens, such as `login-error`
    /// @param client the client that was signed in to
    /// @param error Keycloak's error word, if it failed
    record LoginSeen(
            String eventId,
            @Nullable String user,
            String kind,
            @Nullable String client,
            @Nullable String error,
            Instant at)
            implements LoginEvent {}
}
