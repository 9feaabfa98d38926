package dk.elleve.local;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// How a rollout reaches the platform, and as whom.
///
/// @param gateway the gateway as it is reached from here
/// @param keycloak Keycloak likewise
/// @param clientSecret of the client `elleve-deploy`; without it the demo's administrator, who is known locally only
record RolloutAccess(URI gateway, URI keycloak, @Nullable String clientSecret) {

    @Override
    public String toString() {
        return "RolloutAccess[" + gateway + ", " + keycloak + ", ***]";
    }
}
