package dk.elleve.gateway.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/// Signing out here also ends the session at Keycloak, from server to server: a redirect would carry
/// the id token, and with it a name, in an address.
final class EndKeycloakSession implements LogoutHandler {

    private static final Logger log = LoggerFactory.getLogger(EndKeycloakSession.class);

    private final OAuth2AuthorizedClientRepository clients;
    private final RestClient http;

    EndKeycloakSession(OAuth2AuthorizedClientRepository clients, RestClient http) {
        this.clients = clients;
        this.http = http;
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        if (!(authentication instanceof OAuth2AuthenticationToken session)) {
            return;
        }
        var client = clients.loadAuthorizedClient(session.getAuthorizedClientRegistrationId(), session, request);
        if (client == null || client.getRefreshToken() == null) {
            return;
        }
        var registration = client.getClientRegistration();
        var form = new LinkedMultiValueMap<String, String>();
        form.add("client_id", registration.getClientId());
        form.add("client_secret", registration.getClientSecret());
        form.add(
                "refresh_token",
                Objects.requireNonNull(client.getRefreshToken()).getTokenValue());
        try {
            http.post()
                    .uri(registration.getProviderDetails().getTokenUri().replaceFirst("/token$", "/logout"))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .body(form)
                    .retrieve()
                    .toBodilessEntity();
        } catch (RestClientException away) {
            log.warn("Keycloak did not end a session; it ends there by itself when it is idle", away);
        }
    }
}
