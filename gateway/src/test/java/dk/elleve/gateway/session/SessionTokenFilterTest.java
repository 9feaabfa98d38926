package dk.elleve.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dk.elleve.kit.security.CallerAuthentication;
import dk.elleve.kit.security.ProblemEntry;
import dk.elleve.kit.test.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.mock.web.MockHttpSession;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import tools.jackson.databind.json.JsonMapper;

class SessionTokenFilterTest {

    static final JsonMapper JSON = JsonMapper.builder().build();

    /// Still good, and due: renewal starts a minute before the end.
    static final Duration DUE = Duration.ofSeconds(30);

    static final Duration OVER = Duration.ofMinutes(-10);

    /// What a request came to.
    record Outcome(
            MockHttpServletResponse response,
            @Nullable String token,
            @Nullable Authentication caller) {}

    /// Stands for Keycloak: each refresh token counts once.
    HttpServer keycloak;

    final AtomicInteger renewals = new AtomicInteger();
    volatile String good = "refresh-0";

    final MockHttpSession session = new MockHttpSession();
    final HttpSessionOAuth2AuthorizedClientRepository sessions = new HttpSessionOAuth2AuthorizedClientRepository();
    final OAuth2AuthenticationToken person = new OAuth2AuthenticationToken(
            new DefaultOAuth2User(List.of(), Map.of("sub", "nord-user"), "sub"), List.of(), "keycloak");

    ClientRegistration registration;
    SessionTokenFilter filter;

    @BeforeEach
    void keycloak_answers() throws IOException {
        keycloak = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keycloak.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        keycloak.createContext("/token", exchange -> {
            var form = URLDecoder.decode(
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                    StandardCharsets.UTF_8);
            byte[] answer;
            int status;
            synchronized (this) {
                int nth = renewals.incrementAndGet();
                if (form.contains("refresh_token=" + good)) {
                    good = "refresh-" + nth;
                    status = 200;
                    answer = JSON.writeValueAsBytes(Map.of(
                            "access_token",
                            Tokens.demo("nord-user").mint(),
                            "token_type",
                            "Bearer",
                            "expires_in",
                            300,
                            "refresh_token",
                            good));
                } else {
                    status = 400;
                    answer = JSON.writeValueAsBytes(Map.of("error", "invalid_grant"));
                }
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        keycloak.start();
        var url = "http://127.0.0.1:" + keycloak.getAddress().getPort();
        registration = ClientRegistration.withRegistrationId("keycloak")
                .clientId("elleve-gateway")
                .clientSecret("secret")
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .redirectUri("{baseUrl}/session/callback/{registrationId}")
                .authorizationUri(url + "/auth")
                .tokenUri(url + "/token")
                .build();
        filter = new SessionTokenFilter(
                new SessionConfiguration()
                        .authorizedClients(new InMemoryClientRegistrationRepository(registration), sessions),
                sessions,
                NimbusJwtDecoder.withJwkSetUri(Tokens.jwkSet()).build(),
                new ProblemEntry(JSON));
    }

    @AfterEach
    void keycloak_goes() {
        keycloak.stop(0);
        SecurityContextHolder.clearContext();
    }

    @Test
    void requests_at_the_same_time_renew_the_token_once() throws Exception {
        signedIn(DUE);
        var together = new CyclicBarrier(8);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = new ArrayList<Future<Outcome>>();
            for (int i = 0; i < 8; i++) {
                outcomes.add(threads.submit(() -> {
                    together.await();
                    return send();
                }));
            }
            for (var outcome : outcomes) {
                assertThat(outcome.get().caller()).isInstanceOf(CallerAuthentication.class);
            }
        }
        assertThat(renewals).hasValue(1);
        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void the_renewed_token_goes_on_and_the_session_keeps_its_sign_in() throws Exception {
        var old = signedIn(OVER);

        var outcome = send();

        assertThat(outcome.token()).startsWith("Bearer ").isNotEqualTo("Bearer " + old);
        assertThat(SecurityContextHolder.getContext().getAuthentication()).isEqualTo(person);
    }

    @Test
    void with_keycloak_away_a_token_that_is_still_good_goes_on() throws Exception {
        var token = signedIn(DUE);
        keycloak.stop(0);

        assertThat(send().token()).isEqualTo("Bearer " + token);
        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void with_keycloak_away_a_token_that_is_over_waits_and_the_session_stays() throws Exception {
        signedIn(OVER);
        keycloak.stop(0);

        var outcome = send();

        assertThat(outcome.response().getStatus()).isEqualTo(503);
        assertThat(outcome.response().getContentType()).startsWith("application/problem+json");
        assertThat(outcome.response().getHeader("Retry-After")).isNotNull();
        assertThat(session.isInvalid()).isFalse();
    }

    @Test
    void a_session_that_keycloak_has_ended_ends_here() throws Exception {
        signedIn(DUE);
        good = "another";

        var outcome = send();

        assertThat(session.isInvalid()).isTrue();
        assertThat(outcome.caller()).isNull();
        assertThat(outcome.token()).isNull();
    }

    /// @return the access token
    private String signedIn(Duration left) {
        var end = Instant.now().plus(left);
        var token = Tokens.demo("nord-user").lifetime(left).mint();
        var request = new MockHttpServletRequest();
        request.setSession(session);
        sessions.saveAuthorizedClient(
                new OAuth2AuthorizedClient(
                        registration,
                        "nord-user",
                        new OAuth2AccessToken(
                                OAuth2AccessToken.TokenType.BEARER, token, end.minus(Duration.ofMinutes(5)), end),
                        new OAuth2RefreshToken(good, end.minus(Duration.ofMinutes(5)))),
                person,
                request,
                new MockHttpServletResponse());
        return token;
    }

    private Outcome send() throws Exception {
        var request = new MockHttpServletRequest("GET", "/api/me");
        request.setSession(session);
        var response = new MockHttpServletResponse();
        var reached = new ArrayList<Outcome>();
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(person);
        SecurityContextHolder.setContext(context);
        filter.doFilter(
                request,
                response,
                (on, to) -> reached.add(new Outcome(
                        response,
                        ((jakarta.servlet.http.HttpServletRequest) on).getHeader("Authorization"),
                        SecurityContextHolder.getContext().getAuthentication())));
        return reached.isEmpty() ? new Outcome(response, null, null) : reached.getFirst();
    }
}
