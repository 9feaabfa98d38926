package dk.elleve.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.KitApp;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// A service that started while the issuer was away.
@SpringBootTest(classes = KitApp.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class TokenOutageTest {

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("breach")
                .with("spring.security.oauth2.resourceserver.jwt.jwk-set-uri", "http://127.0.0.1:9/certs")
                .register(registry);
    }

    @Test
    void a_token_that_nobody_can_check_is_asked_to_come_again_however_often_it_comes() throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            for (int i = 0; i < 4; i++) {
                var answer = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/things/1"))
                                .header(
                                        "Authorization",
                                        Tokens.demo("nord-admin").bearer())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith("application/problem+json");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                assertThat(answer.body()).contains("\"code\":\"busy\"");
            }
        }
    }
}
