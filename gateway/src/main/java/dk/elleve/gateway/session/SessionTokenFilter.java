package dk.elleve.gateway.session;

import dk.elleve.kit.security.CallerAuthentication;
import dk.elleve.kit.security.ProblemEntry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.ClientAuthorizationRequiredException;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.WebUtils;

/// A browser shows a cookie; the services want a token. This puts the session's token, renewed where it
/// is due, in the request's header, and makes the caller the same kind of caller as one who sent a
/// token. The token never reaches the browser.
final class SessionTokenFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(SessionTokenFilter.class);

    /// What a session has to show at the moment.
    private sealed interface Shown {

        record Token(Jwt jwt) implements Shown {}

        /// Keycloak does not know the session any more.
        record Nothing() implements Shown {}

        /// Keycloak does not answer, and the token that is here is over.
        record Unknown(Exception why) implements Shown {}
    }

    private final OAuth2AuthorizedClientManager clients;
    private final OAuth2AuthorizedClientRepository sessions;
    private final JwtDecoder decoder;
    private final ProblemEntry problems;

    SessionTokenFilter(
            OAuth2AuthorizedClientManager clients,
            OAuth2AuthorizedClientRepository sessions,
            JwtDecoder decoder,
            ProblemEntry problems) {
        this.clients = clients;
        this.sessions = sessions;
        this.decoder = decoder;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !request.getRequestURI().startsWith("/api/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!(SecurityContextHolder.getContext().getAuthentication() instanceof OAuth2AuthenticationToken session)) {
            chain.doFilter(request, response);
            return;
        }
        switch (shown(session, request, response)) {
            case Shown.Token(var jwt) -> {
                var before = SecurityContextHolder.getContext();
                // A context of its own: the session keeps the sign-in it has.
                var context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(new CallerAuthentication(jwt));
                SecurityContextHolder.setContext(context);
                try {
                    chain.doFilter(new WithToken(request, jwt.getTokenValue()), response);
                } finally {
                    SecurityContextHolder.setContext(before);
                }
            }
            case Shown.Nothing() -> {
                log.info("A browser session has ended at Keycloak; the browser is asked to sign in again");
                var ended = request.getSession(false);
                if (ended != null) {
                    ended.invalidate();
                }
                SecurityContextHolder.clearContext();
                chain.doFilter(request, response);
            }
            case Shown.Unknown(var why) ->
                problems.commence(
                        request,
                        response,
                        new AuthenticationServiceException("A session's token can be neither renewed nor used", why));
        }
    }

    private Shown shown(OAuth2AuthenticationToken session, HttpServletRequest request, HttpServletResponse response) {
        try {
            var client = renewed(session, request, response);
            return client == null ? new Shown.Nothing() : new Shown.Token(decoder.decode(token(client)));
        } catch (OAuth2AuthorizationException refused) {
            if (refused instanceof ClientAuthorizationRequiredException
                    || refused.getError().getErrorCode().equals(OAuth2ErrorCodes.INVALID_GRANT)) {
                return new Shown.Nothing();
            }
            return stored(session, request, refused);
        } catch (BadJwtException useless) {
            // Keycloak answers and has nothing better, such as after its key was withdrawn.
            return new Shown.Nothing();
        } catch (JwtException unchecked) {
            return new Shown.Unknown(unchecked);
        }
    }

    /// A browser sends many requests at once and a refresh token counts once: whoever comes second finds what the first
    /// one got.
    private @Nullable OAuth2AuthorizedClient renewed(
            OAuth2AuthenticationToken session, HttpServletRequest request, HttpServletResponse response) {
        var http = request.getSession(false);
        if (http == null) {
            return null;
        }
        synchronized (WebUtils.getSessionMutex(http)) {
            return clients.authorize(
                    OAuth2AuthorizeRequest.withClientRegistrationId(session.getAuthorizedClientRegistrationId())
                            .principal(session)
                            .attribute(HttpServletRequest.class.getName(), request)
                            .attribute(HttpServletResponse.class.getName(), response)
                            .build());
        }
    }

    /// Renewal starts before a token is over, so there is some time left while Keycloak is away.
    private Shown stored(OAuth2AuthenticationToken session, HttpServletRequest request, Exception away) {
        OAuth2AuthorizedClient client =
                sessions.loadAuthorizedClient(session.getAuthorizedClientRegistrationId(), session, request);
        try {
            return client == null ? new Shown.Nothing() : new Shown.Token(decoder.decode(token(client)));
        } catch (JwtException over) {
            return new Shown.Unknown(away);
        }
    }

    private static String token(OAuth2AuthorizedClient client) {
        return client.getAccessToken().getTokenValue();
    }

    private static final class WithToken extends HttpServletRequestWrapper {

        private final String value;

        WithToken(HttpServletRequest request, String token) {
            super(request);
            this.value = "Bearer " + token;
        }

        @Override
        public @Nullable String getHeader(String name) {
            return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name) ? value : super.getHeader(name);
        }

        @Override
        public Enumeration<String> getHeaders(String name) {
            return HttpHeaders.AUTHORIZATION.equalsIgnoreCase(name)
                    ? Collections.enumeration(List.of(value))
                    : super.getHeaders(name);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            names.addAll(Collections.list(super.getHeaderNames()));
            names.add(HttpHeaders.AUTHORIZATION);
            return Collections.enumeration(names);
        }
    }
}
