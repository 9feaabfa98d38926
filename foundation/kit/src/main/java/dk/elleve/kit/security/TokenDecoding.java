package dk.elleve.kit.security;

import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
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

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(1);

    /// An issuer that has just started, on a busy machine, takes a second or two for its first answer. To
    /// give up before it comes costs one of the few fetches, and then every token waits for the next one.
    private static final Duration LONGEST_ANSWER = LONGEST_FETCH.minus(LONGEST_CONNECT);

    /// Anybody can invent the name of a key, and each unknown name makes a fetch; two are let through in this time.
    private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(30);

    private static final Duration LONGEST_OUTAGE = Duration.ofHours(24);

    private TokenDecoding() {}

    static JwtDecoder decoder(String issuer, URI keys) {
        return decoder(issuer, keys, FRESH, BETWEEN_FETCHES);
    }

    static JwtDecoder decoder(String issuer, URI keys, Duration fresh, Duration betweenFetches) {
        try {
            var fetching = new DefaultResourceRetriever(
                    Math.toIntExact(LONGEST_CONNECT.toMillis()),
                    Math.toIntExact(LONGEST_ANSWER.toMillis()),
                    JWKSourceBuilder.DEFAULT_HTTP_SIZE_LIMIT);
            var source = JWKSourceBuilder.<SecurityContext>create(keys.toURL(), fetching)
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
