package dk.elleve.gateway.session;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.DefaultRedirectStrategy;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/// A sign-in that Keycloak began and the gateway could not finish: the person is told on the first page, operations in
/// the log. Only the error's code is logged (RFC 6749, 5.2), since its description may quote what was sent.
final class SignInFailed implements AuthenticationFailureHandler {

    private static final Logger LOG = LoggerFactory.getLogger(SignInFailed.class);

    private final DefaultRedirectStrategy redirect = new DefaultRedirectStrategy();

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException reason)
            throws IOException {
        LOG.warn(
                "A sign-in failed: {}",
                reason instanceof OAuth2AuthenticationException oauth
                        ? oauth.getError().getErrorCode()
                        : reason.getClass().getSimpleName());
        redirect.sendRedirect(request, response, "/?signin=failed");
    }
}
