package dk.elleve.identity.keycloak;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/// Everybody knows the password of the local realm's demo users: outside the profile `local` the service does not
/// start while one of them can sign in, nor while Keycloak cannot say so.
@Component
@Profile("!local")
final class DemoUsers implements ApplicationRunner {

    /// A name that no mail on earth is delivered to (RFC 6761), so that nobody else's address ends like this.
    static final String ADDRESSES = "@elleve.localhost";

    private final KeycloakAdmin keycloak;

    DemoUsers(KeycloakAdmin keycloak) {
        this.keycloak = keycloak;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (keycloak.anyEnabledUserAt(ADDRESSES)) {
            throw new IllegalStateException("Keycloak's realm has demo users (" + ADDRESSES
                    + "), whose password everybody knows. Delete or disable them, or start with the profile local.");
        }
    }
}
