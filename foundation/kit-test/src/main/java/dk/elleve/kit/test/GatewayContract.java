package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the gateway and the services behind it rely on of each other. The gateway's tests hold the
/// gateway to [#PASSED_ON] and [#KEPT_BACK]; each service's tests hold the service to [#isKeptBy].
public final class GatewayContract {

    /// Headers of the caller that reach the service as they came.
    public static final List<String> PASSED_ON =
            List.of("Idempotency-Key", "If-Match", "If-None-Match", "Accept-Language", "Elleve-Grant", "Elleve-Tenant");

    /// Headers of the caller that never reach the service.
    public static final List<String> KEPT_BACK = List.of("Cookie", "X-Forwarded-For");

    /// The request's id: the gateway's own, whatever the caller said.
    public static final String REQUEST_ID = "X-Request-Id";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NOWHERE = "/there-is-no-such-path";

    private GatewayContract() {}

    /// Asks the running service what the gateway, its clients and its operators ask of every
    /// service.
    ///
    /// @param port where the service answers
    public static void isKeptBy(int port) {
        try (var http = HttpClient.newHttpClient()) {
            var id = UUID.randomUUID().toString();

            var alive = get(http, port, "/actuator/health/liveness", null, id);
            assertThat(alive.statusCode()).as("it says that it lives").isEqualTo(200);
            assertThat(alive.body()).contains("UP");

            isProblem(get(http, port, NOWHERE, null, id), 401, id);
            isProblem(
                    get(
                            http,
                            port,
                            NOWHERE,
                            Tokens.demo("administrator").forged().bearer(),
                            id),
                    401,
                    id);
            isProblem(get(http, port, NOWHERE, Tokens.demo("administrator").bearer(), id), 404, id);

            var odd = get(http, port, NOWHERE, null, "not an id");
            assertThat(odd.headers().firstValue(REQUEST_ID).orElse(""))
                    .as("what is no id is not taken for one")
                    .matches("[0-9a-f-]{36}");
        }
    }

    private static void isProblem(HttpResponse<String> answer, int status, String id) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.headers().firstValue(REQUEST_ID))
                .as("the gateway's id")
                .contains(id);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("instance").asString()).isEqualTo("urn:uuid:" + id);
        assertThat(problem.path("code").asString()).matches("[a-z]+(-[a-z]+)*");
        assertThat(problem.path("type").asString())
                .isEqualTo("urn:elleve:problem:" + problem.path("code").asString());
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).isNotBlank().doesNotContain(NOWHERE);
    }

    private static HttpResponse<String> get(
            HttpClient http, int port, String path, @Nullable String bearer, String id) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(REQUEST_ID, id);
        if (bearer != null) {
            request.header("Authorization", bearer);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("The service does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }
}
