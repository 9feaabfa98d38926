package dk.elleve.gateway.session;

import dk.elleve.gateway.access.AccessRecorder;
import dk.elleve.gateway.limit.LimitFilter;
import dk.elleve.kit.security.CallerAuthentication;
import dk.elleve.kit.security.ProblemEntry;
import jakarta.servlet.DispatcherType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.logout.HttpStatusReturningLogoutSuccessHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/// One chain: a program's bearer token or a browser's session, then one tenant, then the limit, then the service.
@Configuration
class SessionConfiguration {

    private static final String CONTENT_SECURITY_POLICY = "default-src 'self'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    @Bean
    OAuth2AuthorizedClientManager authorizedClients(
            ClientRegistrationRepository registrations, OAuth2AuthorizedClientRepository clients) {
        var manager = new DefaultOAuth2AuthorizedClientManager(registrations, clients);
        manager.setAuthorizedClientProvider(OAuth2AuthorizedClientProviderBuilder.builder()
                .authorizationCode()
                .refreshToken()
                .build());
        return manager;
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
            JsonMapper json)
            throws Exception {
        return http.authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC, DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers(
                                "/api/answers/**",
                                "/api/log/**",
                                "/api/login-resets",
                                "/api/login-resets/*/confirmation")
                        .permitAll()
                        .requestMatchers("/api/**")
                        .authenticated()
                        .requestMatchers("/actuator/health/**", "/actuator/prometheus")
                        .permitAll()
                        .requestMatchers("/actuator/**", "/v3/api-docs/**")
                        .denyAll()
                        .anyRequest()
                        .permitAll()) // the dashboard's own files
                .csrf(CsrfConfigurer::spa)
                .oauth2ResourceServer(server -> server.authenticationEntryPoint(problems)
                        .accessDeniedHandler(problems)
                        .jwt(jwt -> jwt.jwtAuthenticationConverter(CallerAuthentication::new)))
                .oauth2Login(login -> login.loginPage("/session/login")
                        .authorizationEndpoint(at -> at.baseUri("/session/authorization"))
                        .redirectionEndpoint(at -> at.baseUri("/session/callback/*"))
                        .defaultSuccessUrl("/overview", true)
                        .failureUrl("/?signin=failed"))
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
                .addFilterBefore(new SessionTokenFilter(clients, decoder), AuthorizationFilter.class)
                .addFilterBefore(limits, AuthorizationFilter.class)
                .addFilterBefore(new OneTenantFilter(accesses, json), AuthorizationFilter.class)
                .build();
    }
}
