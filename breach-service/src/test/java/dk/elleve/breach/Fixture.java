package dk.elleve.breach;

import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks to the service as one of the demo users.
record Fixture(int port, HttpClient http) {

    static final JsonMapper JSON = JsonMapper.builder().build();

    record Answer(int status, JsonNode body, HttpResponse<String> raw) {

        String code() {
            return body.path("code").asString();
        }

        String etag() {
            return raw.headers().firstValue("ETag").orElse("");
        }
    }

    Answer get(String login, String path) throws IOException, InterruptedException {
        return call("GET", login, path, null);
    }

    Answer post(String login, String path, String body, String... headers) throws IOException, InterruptedException {
        return call("POST", login, path, body, headers);
    }

    Answer call(String method, String login, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + Tokens.demo(login).mint());
        if (headers.length > 0) {
            request.headers(headers);
        }
        var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), json(answer.body()), answer);
    }

    private static JsonNode json(String text) {
        try {
            return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JacksonException noJson) {
            return JSON.createObjectNode();
        }
    }

    /// The newest case that fits, as soon as there is one.
    JsonNode caseThat(String login, Predicate<JsonNode> fits) {
        return Eventually.until(
                "a case",
                () -> {
                    for (var each : get(login, "/breaches?limit=500").body().path("items")) {
                        if (fits.test(each)) {
                            return each;
                        }
                    }
                    return null;
                },
                found -> true);
    }
}
