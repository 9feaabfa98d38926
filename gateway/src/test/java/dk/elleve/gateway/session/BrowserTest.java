package dk.elleve.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dk.elleve.gateway.GatewayApplication;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// A browser's session from end to end, with Keycloak itself.
@SpringBootTest(classes = GatewayApplication.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class BrowserTest {

    private static final HttpServer BREACH = service();

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        var issuer = Rig.keycloak().issuer();
        var rig = ServiceRig.of("gateway")
                .with("spring.security.oauth2.resourceserver.jwt.issuer-uri", issuer)
                .with(
                        "spring.security.oauth2.resourceserver.jwt.jwk-set-uri",
                        issuer + "/protocol/openid-connect/certs")
                .with(
                        "spring.security.oauth2.client.provider.keycloak.token-uri",
                        issuer + "/protocol/openid-connect/token")
                .with(
                        "elleve.gateway.services.breach",
                        "http://127.0.0.1:" + BREACH.getAddress().getPort());
        for (var service : new String[] {"identity", "tenant-data", "backup", "audit"}) {
            rig.with("elleve.gateway.services." + service, "http://127.0.0.1:9");
        }
        rig.register(registry);
    }

    @AfterAll
    static void close() {
        BREACH.stop(0);
    }

    @LocalServerPort
    int port;

    @Test
    void two_browsers_of_one_person_have_sessions_of_their_own() throws Exception {
        try (var first = browser();
                var second = browser()) {
            signIn(first);
            signIn(second);

            var asked = send(first, request("/api/breaches"));
            assertThat(asked.statusCode()).isEqualTo(200);
            assertThat(asked.body()).as("the service got a token").startsWith("Bearer ");

            var ended = send(
                    second,
                    request("/session/logout")
                            .header("X-XSRF-TOKEN", cookie(second, "XSRF-TOKEN"))
                            .POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(ended.statusCode()).isEqualTo(204);
            assertThat(send(second, request("/api/breaches")).statusCode()).isEqualTo(401);
            assertThat(send(first, request("/api/breaches")).statusCode()).isEqualTo(200);
        }
    }

    private void signIn(HttpClient browser) throws Exception {
        var form = send(browser, request("/session/login"));
        assertThat(form.statusCode()).as(form.body()).isEqualTo(200);
        var action = Pattern.compile("action=\"([^\"]+)\"").matcher(form.body());
        assertThat(action.find()).as(form.body()).isTrue();
        var page = send(
                browser,
                HttpRequest.newBuilder(URI.create(action.group(1).replace("&amp;", "&")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString("username=dpo&password=elleve")));
        assertThat(page.uri().getPath()).as(page.body()).isEqualTo("/overview");
    }

    /// Browsers send secure cookies to the loopback address too; the JDK does not.
    private static final class Cookies extends CookieManager {

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            super.put(uri, headers);
            getCookieStore().getCookies().forEach(cookie -> cookie.setSecure(false));
        }
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new Cookies())
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    private static String cookie(HttpClient browser, String name) {
        var cookies = (CookieManager) browser.cookieHandler().orElseThrow();
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findAny()
                .orElseThrow()
                .getValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpClient browser, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Answers with the token it was shown.
    private static HttpServer service() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                var shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                        .getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, shown.length);
                exchange.getResponseBody().write(shown);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
