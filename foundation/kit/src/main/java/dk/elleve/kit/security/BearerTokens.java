package dk.elleve.kit.security;

import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.oauth2.server.resource.OAuth2ResourceServerConfigurer;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;

/// How every chain takes bearer tokens.
public final class BearerTokens {

    private BearerTokens() {}

    /// @param failed answers a token that does not count, and one that nobody can check at the moment
    public static void taken(
            OAuth2ResourceServerConfigurer<HttpSecurity> server,
            AuthenticationEntryPoint failed,
            AccessDeniedHandler denied) {
        server.authenticationEntryPoint(failed)
                .accessDeniedHandler(denied)
                .jwt(jwt -> jwt.jwtAuthenticationConverter(CallerAuthentication::new))
                .withObjectPostProcessor(new ObjectPostProcessor<BearerTokenAuthenticationFilter>() {
                    @Override
                    public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                        // By itself the filter throws when the issuer's keys cannot be had, and the client gets a 500.
                        var handler = new AuthenticationEntryPointFailureHandler(failed);
                        handler.setRethrowAuthenticationServiceException(false);
                        filter.setAuthenticationFailureHandler(handler);
                        return filter;
                    }
                });
    }
}
