package dk.elleve.kit.security;

import jakarta.servlet.DispatcherType;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import tools.jackson.databind.json.JsonMapper;

/// Deny by default: a request without a valid token reaches nothing but what [PublicPaths] lists, and
/// every endpoint says with `@RolesAllowed` or `@PermitAll` who may call it (held by the house rules).
@AutoConfiguration(before = {ServletWebSecurityAutoConfiguration.class, OAuth2ResourceServerAutoConfiguration.class})
@EnableMethodSecurity(jsr250Enabled = true)
public final class SecurityAutoConfiguration {

    SecurityAutoConfiguration() {}

    @Bean
    ProblemEntry problemEntry(JsonMapper json) {
        return new ProblemEntry(json);
    }

    @Bean
    @ConditionalOnMissingBean
    JwtDecoder jwtDecoder(
            @Value("${spring.security.oauth2.resourceserver.jwt.issuer-uri}") String issuer,
            @Value("${spring.security.oauth2.resourceserver.jwt.jwk-set-uri}") URI keys) {
        return TokenDecoding.decoder(issuer, keys);
    }

    @Bean
    MetricsDoor metricsDoor(Environment environment) {
        return new MetricsDoor(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    PublicPaths publicPaths() {
        return new PublicPaths();
    }

    @Bean
    @ConditionalOnMissingBean
    SecurityFilterChain serviceChain(HttpSecurity http, ProblemEntry problems, PublicPaths open, MetricsDoor metrics)
            throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable) // no cookies here: the gateway keeps the browser's session
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                                .permitAll()
                                .requestMatchers("/actuator/health/**", "/v3/api-docs/**", "/v3/api-docs.yaml")
                                .permitAll()
                                .requestMatchers(metrics)
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .denyAll()
                                .requestMatchers(open.patterns().toArray(String[]::new))
                                .permitAll()
                                .anyRequest()
                                .authenticated())
                .oauth2ResourceServer(server -> BearerTokens.taken(server, problems, problems))
                .addFilterBefore(new CallerInTheLog(), AuthorizationFilter.class)
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .build();
    }
}
