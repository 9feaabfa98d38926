package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The committed OpenAPI document of a service is what the running service says about itself.
public final class OpenApiContract {

    private static final Path DOCUMENTS =
            Path.of("foundation/contracts/src/main/resources/dk/elleve/contracts/openapi");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private OpenApiContract() {}

    /// Compares the two; with `-Dcontracts.write=true` writes the committed one again first.
    ///
    /// @param label the running service, such as `tenant-data`
    /// @param port where it answers
    public static void isWhatRuns(String label, int port) {
        var running = normal(fetched(port));
        var file = ProjectRoot.find().resolve(DOCUMENTS).resolve(label + ".json");
        try {
            if (Boolean.getBoolean("contracts.write")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, JSON.writeValueAsString(running).replace("\r\n", "\n") + "\n");
            }
            assertThat(file).exists();
            assertThat(JSON.readTree(Files.readString(file)))
                    .as("%s: write it again with -Dcontracts.write=true if the change is wanted", file)
                    .isEqualTo(running);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        everyOperationSaysWhatItDoes(running);
    }

    private static void everyOperationSaysWhatItDoes(JsonNode document) {
        var silent = new ArrayList<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    if (operation.getValue().path("summary").asString("").isBlank()) {
                        silent.add(operation.getKey() + " " + path.getKey());
                    }
                }));
        assertThat(silent).as("operations without a summary: add @Operation").isEmpty();
    }

    private static JsonNode fetched(int port) {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v3/api-docs"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("The service does not tell its OpenAPI document", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// Without servers, which differ with each run, and with the names of every object in order.
    private static JsonNode normal(JsonNode document) {
        return sorted(((ObjectNode) document).without("servers"));
    }

    private static JsonNode sorted(JsonNode tree) {
        return switch (tree) {
            case ObjectNode object -> {
                var result = JSON.createObjectNode();
                new TreeSet<>(object.propertyNames()).forEach(name -> result.set(name, sorted(object.get(name))));
                yield result;
            }
            case ArrayNode array -> {
                var result = JSON.createArrayNode();
                array.forEach(each -> result.add(sorted(each)));
                yield result;
            }
            default -> tree;
        };
    }
}
