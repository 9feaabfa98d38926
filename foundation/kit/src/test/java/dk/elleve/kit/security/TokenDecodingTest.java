package dk.elleve.kit.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dk.elleve.kit.test.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

class TokenDecodingTest {

    /// The keys age by the real clock; the rate limit must be shorter still.
    static final Duration FRESH = Duration.ofMillis(2);

    static final Duration BETWEEN_FETCHES = Duration.ofMillis(1);

    final AtomicInteger fetches = new AtomicInteger();

    volatile boolean away;
    volatile Duration slow = Duration.ZERO;
    HttpServer issuer;
    URI keys;

    @BeforeEach
    void the_issuer_shows_its_keys() throws IOException {
        byte[] shown;
        try (var in = URI.create(Tokens.jwkSet()).toURL().openStream()) {
            shown = in.readAllBytes();
        }
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer.createContext("/", exchange -> {
            fetches.incrementAndGet();
            if (away) {
                exchange.close();
                return;
            }
            // No wait for anything: the slow answer itself is what a test is about.
            LockSupport.parkNanos(slow.toNanos());
            exchange.sendResponseHeaders(200, shown.length);
            try (var out = exchange.getResponseBody()) {
                out.write(shown);
            }
        });
        issuer.start();
        keys = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/certs");
    }

    @AfterEach
    void the_issuer_goes() {
        issuer.stop(0);
    }

    @Test
    void a_valid_token_is_taken_and_one_that_is_over_forged_or_of_somebody_else_is_not() {
        var decoder = TokenDecoding.decoder(Tokens.issuer(), keys);

        assertThat(decoder.decode(Tokens.demo("nord-user").mint()).getSubject())
                .isEqualTo(Tokens.subject("nord-user").toString());
        for (var token : new String[] {
            Tokens.demo("nord-user").lifetime(Duration.ofMinutes(-5)).mint(),
            Tokens.demo("nord-user").forged().mint(),
            Tokens.demo("nord-user").issuer("http://elsewhere.invalid").mint(),
            "not.a.token"
        }) {
            assertThatThrownBy(() -> decoder.decode(token)).isInstanceOf(BadJwtException.class);
        }
        assertThat(fetches).hasValue(1);
    }

    @Test
    @Timeout(30)
    void valid_tokens_go_on_working_when_the_issuer_is_away_and_its_keys_are_no_longer_fresh() {
        var decoder = TokenDecoding.decoder(Tokens.issuer(), keys, FRESH, BETWEEN_FETCHES);
        decoder.decode(Tokens.demo("nord-user").mint());
        away = true;

        while (fetches.get() < 4) {
            decoder.decode(Tokens.demo("nord-user").mint());
        }
        assertThatThrownBy(
                        () -> decoder.decode(Tokens.demo("nord-user").forged().mint()))
                .isInstanceOf(BadJwtException.class);
    }

    @Test
    void invented_keys_do_not_hammer_the_issuer_and_leave_valid_tokens_alone() {
        var decoder = TokenDecoding.decoder(Tokens.issuer(), keys);

        for (int i = 0; i < 20; i++) {
            var invented = ofKey("invented-" + i);
            assertThatThrownBy(() -> decoder.decode(invented)).isInstanceOf(JwtException.class);
        }
        decoder.decode(Tokens.demo("nord-user").mint());

        assertThat(fetches.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void an_issuer_that_has_just_started_may_take_its_time() {
        slow = Duration.ofMillis(1500);
        var decoder = TokenDecoding.decoder(Tokens.issuer(), keys);

        assertThat(decoder.decode(Tokens.demo("nord-user").mint()).getSubject())
                .isEqualTo(Tokens.subject("nord-user").toString());
        assertThat(fetches).hasValue(1);
    }

    @Test
    void without_any_keys_a_token_is_neither_good_nor_bad() {
        away = true;
        var decoder = TokenDecoding.decoder(Tokens.issuer(), keys);

        assertThatThrownBy(() -> decoder.decode(Tokens.demo("nord-user").mint()))
                .isInstanceOf(JwtException.class)
                .isNotInstanceOf(BadJwtException.class);
    }

    private static String ofKey(String name) {
        var honest = Tokens.demo("nord-user").mint();
        var header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + name + "\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                + honest.substring(honest.indexOf('.'));
    }
}
