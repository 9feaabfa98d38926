package dk.elleve.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// A released document is a promise: what it says may be added to, and taken back only by a
/// declared break. Each service's own tests hold the committed document to what the service says.
class OpenApiTest {

    static final Path DOCUMENTS = ContractsTest.MAIN.resolve("openapi");
    static final Path RELEASED = Path.of("released/openapi");
    static final Path DECLARED = Path.of("released/openapi-breaks.txt");
    static final List<String> SERVICES = List.of("identity", "tenant-data", "backup", "breach", "audit");

    @Test
    void every_service_has_a_document_and_a_released_one() throws IOException {
        try (var now = Files.list(DOCUMENTS);
                var released = Files.list(RELEASED)) {
            var names = SERVICES.stream().map(service -> service + ".json").toList();
            assertThat(now.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
            if (!Boolean.getBoolean("contracts.release")) {
                assertThat(released.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrderElementsOf(names);
            }
        }
    }

    /// `-Dcontracts.release=true` makes the documents of today the promise, and empties the list of
    /// declared breaks.
    @Test
    void nothing_that_was_released_is_taken_back_unless_it_is_declared() throws IOException {
        if (Boolean.getBoolean("contracts.release")) {
            for (var service : SERVICES) {
                Files.copy(
                        DOCUMENTS.resolve(service + ".json"),
                        RELEASED.resolve(service + ".json"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(DECLARED, "");
        }
        var breaks = new TreeSet<String>();
        for (var service : SERVICES) {
            OpenApiBreaks.between(
                            ContractsTest.JSON.readTree(RELEASED.resolve(service + ".json")),
                            ContractsTest.JSON.readTree(DOCUMENTS.resolve(service + ".json")))
                    .forEach(found -> breaks.add(service + " " + found));
        }

        assertThat(new TreeSet<>(Files.readAllLines(DECLARED)))
                .as("%s names exactly the breaks, one a line", DECLARED)
                .isEqualTo(breaks);
    }

    @Test
    void the_joined_document_holds_every_operation_of_every_service() throws IOException {
        var documents = new LinkedHashMap<String, JsonNode>();
        var operations = 0;
        for (var service : SERVICES) {
            var document = ContractsTest.JSON.readTree(DOCUMENTS.resolve(service + ".json"));
            documents.put(service, document);
            for (var path : document.path("paths")) {
                operations += path.size();
            }
        }
        var joined = OpenApi.joined(documents);

        ContractsTest.compare(ContractsTest.MAIN.resolve("openapi.json"), joined);
        assertThat(joined.path("paths").valueStream().mapToInt(JsonNode::size).sum())
                .isEqualTo(operations)
                .isPositive();
        for (var reference : joined.findValuesAsString("$ref")) {
            assertThat(joined.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
    }
}
