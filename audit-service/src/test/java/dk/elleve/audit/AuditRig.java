package dk.elleve.audit;

import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.SealedSamples;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The running service, once for all tests that extend this, with real sources, Kafka and blob storage.
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@Import(AuditRig.Time.class)
public abstract class AuditRig {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TestConfiguration
    static class Time {

        @Bean
        Clock clock() {
            return CLOCK;
        }
    }

    protected static final ShiftedClock CLOCK = new ShiftedClock();

    /// Made when first asked for.
    protected static final class Neighbours {

        private Neighbours() {}

        public static final Neighbour TENANT_DATA = prepared("tenant_data");
        public static final Neighbour BREACH = prepared("breach");
        public static final Neighbour IDENTITY = prepared("identity");

        private static Neighbour prepared(String database) {
            try {
                return Neighbour.prepared(Rig.postgres(), Rig.secrets(), database);
            } catch (SQLException | IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("audit").register(registry);
        SealedSamples.ensureTopics("dk.elleve.audit");
    }

    @LocalServerPort
    protected int port;

    /// @param text the whole body
    protected record Answer(int status, String text) {

        public JsonNode json() {
            return JSON.readTree(text);
        }

        public JsonNode items() {
            return json().path("items");
        }
    }

    protected String address() {
        return "http://127.0.0.1:" + port;
    }

    /// @param login a demo user, or null for a stranger
    protected Answer get(@Nullable String login, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address() + path));
        if (login != null) {
            request.header("Authorization", Tokens.demo(login).bearer());
        }
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    protected int delete(String login, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address() + path))
                .header("Authorization", Tokens.demo(login).bearer())
                .DELETE();
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /// @param bearer a whole `Authorization`, or null for a stranger
    /// @param key the `Idempotency-Key`, if any
    protected Answer post(@Nullable String bearer, String path, String body, @Nullable String key)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (bearer != null) {
            request.header("Authorization", bearer);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }
}
