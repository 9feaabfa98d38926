package dk.elleve.local;

import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A Prometheus of its own that looks at a running platform more often than it would in earnest.
final class RunningPrometheus implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/bin/prometheus");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Daemon daemon;
    private final int port = Ports.free();
    private final HttpClient http = HttpClient.newHttpClient();

    RunningPrometheus(Installation house, Path folder) throws IOException {
        var config = folder.resolve("prometheus.yml");
        Files.createDirectories(folder);
        Files.writeString(
                config,
                Files.readString(new ScrapeConfig(house).file())
                        .replaceAll("(scrape|evaluation)_interval: .*", "$1_interval: 1s")
                        .replace("scrape_timeout: 10s", "scrape_timeout: 1s"));
        daemon = new Daemon("prometheus", house.place());
        daemon.start(new Daemon.Command(
                List.of(
                        PROGRAM.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port),
                folder));
        daemon.awaitReady(
                PATIENCE,
                () -> http.send(
                                        HttpRequest.newBuilder(URI.create(url("/-/ready")))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200);
    }

    /// Waits until everything was scraped so often that rates can be told, and the rules were computed after that.
    void awaitNumbers() {
        Eventually.until(
                "every target answered twenty scrapes",
                PATIENCE,
                () -> query("sum_over_time(up[10m])"),
                found -> found.size() == 7 && samples(found) >= 20);
    }

    private static double samples(JsonNode found) {
        double fewest = Double.MAX_VALUE;
        for (var series : found) {
            fewest = Math.min(fewest, series.path("value").path(1).asString().transform(Double::parseDouble));
        }
        return fewest;
    }

    /// The series an expression gives now.
    JsonNode query(String expression) {
        return get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                .path("data")
                .path("result");
    }

    Set<String> names() {
        var names = new HashSet<String>();
        get("/api/v1/label/__name__/values").path("data").forEach(name -> names.add(name.asString()));
        return names;
    }

    /// Type and help of each metric, as the targets say them.
    Map<String, String> told() {
        var told = new TreeMap<String, String>();
        get("/api/v1/targets/metadata").path("data").forEach(metric -> {
            var name = metric.path("metric").asString();
            var type = metric.path("type").asString();
            // OpenMetrics speaks of a counter without its ending.
            told.put(
                    type.equals("counter") && !name.endsWith("_total") ? name + "_total" : name,
                    type + ": " + metric.path("help").asString());
        });
        return told;
    }

    private JsonNode get(String path) {
        try {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(url(path))).build(), HttpResponse.BodyHandlers.ofString());
            var body = Observability.json(answer.body());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(body.path("error").asString());
            }
            return body;
        } catch (IOException e) {
            throw new IllegalStateException("Prometheus does not answer; its log is " + daemon.log(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        daemon.stop("TERM", Duration.ofSeconds(10));
        http.close();
    }
}
