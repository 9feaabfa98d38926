package dk.elleve.gateway.session;

import dk.elleve.gateway.access.AccessRecorder;
import dk.elleve.gateway.limit.LimitFilter;
import dk.elleve.kit.security.BearerTokens;
import dk.elleve.kit.security.CallerInTheLog;
import dk.elleve.kit.security.MetricsDoor;
import dk.elleve.kit.security.ProblemEntry;
import jakarta.servlet.DispatcherType;
import java.net.http.HttpClient;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.endpoint.RestClientRefreshTokenTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.client.RestClient;
import org.springframework.web.util.HttpSessionMutexListener;
import tools.jackson.databind.json.JsonMapper;

/// One chain: a program's bearer token or a browser's session, then one tenant, then the limit, then the service.
@Configuration
class SessionConfiguration {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// The tokens lie in the session, so two browsers of one person do not take each other's away.
    @Bean
    OAuth2AuthorizedClientRepository sessions() {
        return new HttpSessionOAuth2AuthorizedClientRepository();
    }

    /// Gives every session the lock under which its tokens are renewed.
    @Bean
    HttpSessionMutexListener sessionLocks() {
        return new HttpSessionMutexListener();
    }

    @Bean
    OAuth2AuthorizedClientManager authorizedClients(
            ClientRegistrationRepository registrations, OAuth2AuthorizedClientRepository clients) {
        var manager = new DefaultOAuth2AuthorizedClientManager(registrations, clients);
        manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
                .authorizationCode()
                .refreshToken(refresh -> refresh.accessTokenResponseClient(renewals()))
                .build());
        return manager;
    }

    /// As Spring makes it, but it does not wait for a Keycloak that hangs: the session's other requests wait with it.
    private static RestClientRefreshTokenTokenResponseClient renewals() {
        var http = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build());
        http.setReadTimeout(Duration.ofSeconds(5));
        var renewals = new RestClientRefreshTokenTokenResponseClient();
        renewals.setRestClient(RestClient.builder()
                .requestFactory(http)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return renewals;
    }

    @Bean
    SecurityFilterChain door(
            HttpSecurity http,
            ProblemEntry problems,
            OAuth2AuthorizedClientManager clients,
            OAuth2AuthorizedClientRepository sessions,
            JwtDecoder decoder,
            AccessRecorder accesses,
            LimitFilter limits,
            MetricsDoor metrics,
            JsonMapper json)
            throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(
                                "/api/answers/**",
                                "/api/openapi",
                                "/api/log/**",
                                "/api/login-resets",
                                "/api/login-resets/*/confirmation")
                        .permitAll()
                        .requestMatchers("/api/**")
                        .authenticated()
                        .requestMatchers("/actuator/health/**")
                        .permitAll()
                        .requestMatchers(metrics)
                        .permitAll()
                        .requestMatchers("/actuator/**", "/v3/api-docs/**")
                        .denyAll()
                        .anyRequest()
                        .permitAll()) // the dashboard's own files
                .csrf(CsrfConfigurer::spa)
                .oauth2ResourceServer(server -> BearerTokens.taken(server, limits.counting(problems), problems))
                .oauth2Login(login -> login.loginPage("/session/login")
                        .authorizationEndpoint(at -> at.baseUri("/session/authorization"))
                        .redirectionEndpoint(at -> at.baseUri("/session/callback/*"))
                        .defaultSuccessUrl("/overview", true)
                        .failureHandler(new SignInFailed()))
                .logout(logout -> logout.logoutUrl("/session/logout")
                        .deleteCookies("elleve")
                        .addLogoutHandler(new EndKeycloakSession(sessions, RestClient.create()))
                        .logoutSuccessHandler(new HttpStatusReturningLogoutSuccessHandler(HttpStatus.NO_CONTENT)))
                .exceptionHandling(
                        errors -> errors.defaultAuthenticationEntryPointFor(problems, AnyRequestMatcher.INSTANCE)
                                .accessDeniedHandler(problems))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                        .permissionsPolicyHeader(policy -> policy.policy("camera=(), microphone=(), geolocation=()")))
                .addFilterBefore(
                        new SessionTokenFilter(clients, sessions, decoder, problems), AuthorizationFilter.class)
                .addFilterBefore(new CallerInTheLog(), AuthorizationFilter.class)
                .addFilterBefore(limits, AuthorizationFilter.class)
                .addFilterBefore(new OneTenantFilter(accesses, json), AuthorizationFilter.class)
                .build();
    }
}
