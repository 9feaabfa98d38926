package dk.elleve.local;

import dk.elleve.kit.test.part.House;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The platform's API as a tenant's program meets it: through the gateway, with tokens from Keycloak.
final class Api implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();
    static final String PASSWORD = "elleve";

    record Answer(int status, String text, Map<String, String> headers) {

        JsonNode json() {
            try {
                return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
            } catch (JacksonException notJson) {
                return JSON.createObjectNode();
            }
        }

        /// @throws IllegalStateException unless the answer has one of these statuses; shows what came instead
        Answer must(int... statuses) {
            for (int expected : statuses) {
                if (status == expected) {
                    return this;
                }
            }
            throw new IllegalStateException(
                    "The API answered " + status + ": " + (text.length() > 600 ? text.substring(0, 600) : text));
        }
    }

    private record Token(String value, Instant until) {}

    private final House house;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private final Map<String, Token> tokens = new HashMap<>();

    Api(House house, Clock clock) {
        this.house = house;
        this.clock = clock;
    }

    Answer get(@Nullable String login, String path) throws IOException, InterruptedException {
        return call("GET", login, path, null, Map.of());
    }

    Answer post(String login, String path, Object body) throws IOException, InterruptedException {
        return call("POST", login, path, JSON.writeValueAsString(body), Map.of("Content-Type", "application/json"));
    }

    /// @param login whose token to show; none shows none
    Answer call(String method, @Nullable String login, String path, @Nullable String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(house.dashboard() + "/api" + path))
                .timeout(Duration.ofSeconds(120))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        if (login != null) {
            request.header("Authorization", "Bearer " + token(login));
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        var received = new HashMap<String, String>();
        answer.headers()
                .map()
                .forEach((name, values) -> received.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return new Answer(answer.statusCode(), answer.body(), received);
    }

    /// Forgets tokens: after somebody joined a tenant the next token says so.
    void forgetTokens() {
        tokens.clear();
    }

    private String token(String login) throws IOException, InterruptedException {
        var kept = tokens.get(login);
        if (kept != null && clock.instant().isBefore(kept.until())) {
            return kept.value();
        }
        var form = "grant_type=password&client_id=elleve-cli&scope=openid&username=" + encoded(login) + "&password="
                + encoded(PASSWORD);
        var answer = http.send(
                HttpRequest.newBuilder(URI.create(house.issuer() + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("Keycloak gave no token for " + login + ": " + answer.statusCode());
        }
        var value = JSON.readTree(answer.body()).path("access_token").asString();
        tokens.put(login, new Token(value, clock.instant().plusSeconds(120)));
        return value;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
