package dk.elleve.kit;

import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The smallest service on the rig: one context for all tests that extend this.
@SpringBootTest(classes = KitApp.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class KitRig {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void rig(DynamicPropertyRegistry registry) {
        ServiceRig.of("breach")
                .with("elleve.blob.connection-string", Rig.azurite().connectionString())
                .register(registry);
    }

    protected record Answer(int status, String type, JsonNode body) {}

    /// Sends as `nord-admin`.
    ///
    /// @param headers names and values in turn
    protected Answer send(String method, String path, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Authorization", Tokens.demo("nord-admin").bearer());
        if (body.length > 0) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        try {
            var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var text = answer.body();
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse(""),
                    JSON.readTree(text.isEmpty() ? "null" : text));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// A statement of the superuser, who sees all rows.
    protected static void sql(String... statements) throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var statement = admin.createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }

    protected static long count(String query) throws SQLException {
        try (var admin = Rig.postgres().superuser("breach").getConnection();
                var statement = admin.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
