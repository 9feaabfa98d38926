package dk.elleve.identity.keycloak;

import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/// @param url Keycloak's address, without a path
/// @param realm the realm of all tenants
/// @param clientId the client whose service account may manage organizations and users, and nothing else
/// @param clientSecret its secret
@Validated
@ConfigurationProperties("elleve.identity.keycloak")
record KeycloakProperties(
        URI url,
        @NotBlank String realm,
        @NotBlank String clientId,
        @NotBlank String clientSecret) {

    @Override
    public String toString() {
        return "KeycloakProperties[" + url + ", " + realm + ", " + clientId + ", ***]";
    }
}
