package dk.elleve.kit.security;

import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/// Checks tokens against the issuer's keys, which are kept: with the issuer down, valid tokens go on working.
final class TokenDecoding {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration LONGEST_FETCH = Duration.ofSeconds(5);

    /// Anybody can invent the name of a key, and each unknown name makes a fetch; two are let through in this time.
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);

    private static final Duration LONGEST_OUTAGE = Duration.ofHours(24);

    private TokenDecoding() {}

    static JwtDecoder decoder(String issuer, URI keys) {
        return decoder(issuer, keys, FRESH, BETWEEN_FETCHES);
    }

    static JwtDecoder decoder(String issuer, URI keys, Duration fresh, Duration betweenFetches) {
        try {
            var source = JWKSourceBuilder.<SecurityContext>create(keys.toURL())
                    .cache(fresh.toMillis(), LONGEST_FETCH.toMillis())
                    // Fetching ahead has a thread of its own and spends the same few fetches.
                    .refreshAheadCache(false)
                    .rateLimited(betweenFetches.toMillis())
                    .retrying(false)
                    .outageTolerant(LONGEST_OUTAGE.toMillis())
                    .build();
            var decoder = NimbusJwtDecoder.withJwkSource(source)
                    .jwsAlgorithm(SignatureAlgorithm.RS256)
                    .build();
            decoder.setJwtValidator(JwtValidators.createDefaultWithIssuer(issuer));
            return decoder;
        } catch (MalformedURLException notUrl) {
            throw new IllegalArgumentException(
                    "spring.security.oauth2.resourceserver.jwt.jwk-set-uri is not the address of a web page: " + keys,
                    notUrl);
        }
    }
}
