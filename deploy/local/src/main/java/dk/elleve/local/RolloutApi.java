package dk.elleve.local;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a rollout asks of the platform: windows, a backup, the register, and whether a service can be reached.
final class RolloutApi implements ComposeStack.Caller, AutoCloseable {

    /// One request for each service that ends in it, whatever it answers.
    private static final Map<String, String> PATHS = Map.of(
            "audit", "/changes?limit=1",
            "backup", "/backups/status",
            "breach", "/breaches?limit=1",
            "gateway", "/answers",
            "identity", "/me",
            "tenant-data", "/processing-record");

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration TOKEN_LASTS = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 30;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private record Answer(int status, JsonNode body) {}

    private final RolloutAccess access;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    private String token = "";
    private Instant tokenEnds = Instant.EPOCH;

    RolloutApi(RolloutAccess access, Clock clock) {
        this.access = access;
        this.clock = clock;
    }

    /// The windows that the gateway has measured; empty while it measures none.
    Optional<List<QuietWindow>> windows() {
        var answer = call("GET", "/maintenance/windows", null, null);
        if (answer.status() != 200) {
            return Optional.empty();
        }
        return Optional.of(answer.body()
                .path("items")
                .valueStream()
                .map(item -> new QuietWindow(
                        Instant.parse(item.path("from").asString()),
                        Instant.parse(item.path("to").asString())))
                .toList());
    }

    /// Orders a backup and waits until it is complete.
    ///
    /// @param kind `full` or `incremental`
    /// @return its id
    String backup(String kind, Duration within, Screen screen) {
        var ordered =
                must("POST", "/backups", Map.of("kind", kind), UUID.randomUUID().toString());
        var id = ordered.path("id").asString();
        var end = clock.instant().plus(within);
        var told = clock.instant();
        while (true) {
            var run = must("GET", "/backups/" + id, null, null);
            switch (run.path("state").asString()) {
                case "completed" -> {
                    return id;
                }
                case "failed" ->
                    throw new Refusal("The backup before the update failed: "
                            + run.path("reason").asString("no reason given") + "; nothing was changed.");
                default -> {}
            }
            if (clock.instant().isAfter(end)) {
                throw new Refusal(
                        "The backup before the update is not complete after " + within + "; nothing was changed.");
            }
            if (clock.instant().isAfter(told.plusSeconds(15))) {
                told = clock.instant();
                screen.line("  backup " + id + "  " + run.path("bytesRead").asLong() / (1 << 20) + " of "
                        + run.path("bytesExpected").asLong() / (1 << 20) + " MiB");
            }
            Pause.of(PAUSE);
        }
    }

    /// @return the id of the change in the register
    String begin(String from, String to, @Nullable QuietWindow window, String backup) {
        var body = new TreeMap<String, Object>();
        body.put("what", "platform");
        body.put("from", from);
        body.put("to", to);
        body.put("backup", backup);
        if (window != null) {
            body.put(
                    "window",
                    Map.of("from", window.from().toString(), "to", window.to().toString()));
        }
        return must("POST", "/changes", body, UUID.randomUUID().toString())
                .path("id")
                .asString();
    }

    /// Asks again for a while: the register's own service may just be coming back.
    void end(String change, RolloutSteps.Result result) {
        var body = new TreeMap<String, Object>();
        body.put("outcome", result.outcome().word());
        if (result.reason() != null) {
            body.put("reason", result.reason());
        }
        must("POST", "/changes/" + change + "/outcome", body, UUID.randomUUID().toString());
    }

    @Override
    public boolean reaches(String service) {
        try {
            return call("GET", PATHS.getOrDefault(service, "/answers"), null, null)
                            .status()
                    < 500;
        } catch (Refusal away) {
            return false;
        }
    }

    private JsonNode must(String method, String path, @Nullable Object body, @Nullable String key) {
        for (int attempt = 1; ; attempt++) {
            try {
                var answer = call(method, path, body, key);
                if (answer.status() < 300) {
                    return answer.body();
                }
                if ((answer.status() < 500 && answer.status() != 429) || attempt == ATTEMPTS) {
                    throw new Refusal("The platform answered " + answer.status() + " to " + method + " " + path + ": "
                            + answer.body().path("detail").asString("no reason given"));
                }
            } catch (Refusal away) {
                if (attempt == ATTEMPTS || !(away.getCause() instanceof IOException)) {
                    throw away;
                }
            }
            Pause.of(PAUSE);
        }
    }

    private Answer call(String method, String path, @Nullable Object body, @Nullable String key) {
        try {
            var request = HttpRequest.newBuilder(access.gateway().resolve("/api" + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Authorization", "Bearer " + token())
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
            if (key != null) {
                request.header("Idempotency-Key", key);
            }
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), json(answer.body()));
        } catch (IOException e) {
            throw away(access.gateway(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }

    private String token() throws InterruptedException {
        if (clock.instant().isBefore(tokenEnds)) {
            return token;
        }
        var form = access.clientSecret() == null
                ? Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "elleve-cli",
                        "scope",
                        "openid",
                        "username",
                        "administrator",
                        "password",
                        Api.PASSWORD)
                : Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_id",
                        "elleve-deploy",
                        "client_secret",
                        access.clientSecret());
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(access.keycloak().resolve("/realms/elleve/protocol/openid-connect/token"))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .timeout(Duration.ofSeconds(30))
                            .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                                    .map(each -> each.getKey() + "="
                                            + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                                    .collect(Collectors.joining("&"))))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new Refusal("Keycloak gave no token (" + answer.statusCode()
                        + "); --client-secret-file names the secret of the client elleve-deploy.");
            }
            token = json(answer.body()).path("access_token").asString();
            tokenEnds = clock.instant().plus(TOKEN_LASTS);
            return token;
        } catch (IOException e) {
            throw away(access.keycloak(), e);
        }
    }

    private static Refusal away(URI whom, IOException cause) {
        var refusal = new Refusal(whom + " does not answer: " + cause.getMessage() + ".");
        refusal.initCause(cause);
        return refusal;
    }

    private static JsonNode json(String text) {
        try {
            return text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text);
        } catch (JacksonException notJson) {
            return JSON.createObjectNode();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
