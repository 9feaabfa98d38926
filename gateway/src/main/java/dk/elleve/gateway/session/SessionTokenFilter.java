package dk.elleve.gateway.session;

import dk.elleve.kit.security.CallerAuthentication;
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
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.OAuth2AuthorizationException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.filter.OncePerRequestFilter;

/// A browser shows a cookie; the services want a token. This puts the session's token, renewed where it
/// is due, in the request's header, and makes the caller the same kind of caller as one who sent a
/// token. The token never reaches the browser.
final class SessionTokenFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(SessionTokenFilter.class);

    private final OAuth2AuthorizedClientManager clients;
    private final JwtDecoder decoder;

    SessionTokenFilter(OAuth2AuthorizedClientManager clients, JwtDecoder decoder) {
        this.clients = clients;
        this.decoder = decoder;
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
        var before = SecurityContextHolder.getContext();
        try {
            var client = clients.authorize(
                    OAuth2AuthorizeRequest.withClientRegistrationId(session.getAuthorizedClientRegistrationId())
                            .principal(session)
                            .attribute(HttpServletRequest.class.getName(), request)
                            .attribute(HttpServletResponse.class.getName(), response)
                            .build());
            if (client != null) {
                var token = client.getAccessToken().getTokenValue();
                // A context of its own: the session keeps the sign-in it has.
                var context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(new CallerAuthentication(decoder.decode(token)));
                SecurityContextHolder.setContext(context);
                chain.doFilter(new WithToken(request, token), response);
                return;
            }
        } catch (OAuth2AuthorizationException | JwtException ended) {
            log.info("A browser session has ended at Keycloak; the browser is asked to sign in again");
        } finally {
            SecurityContextHolder.setContext(before);
        }
        var session2 = request.getSession(false);
        if (session2 != null) {
            session2.invalidate();
        }
        SecurityContextHolder.clearContext();
        chain.doFilter(request, response);
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
