package dk.elleve.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// One document of YAML: a resource, or the part of one that an overlay changes.
///
/// @param from the file or the overlay it stands in, for messages
record Manifest(String from, JsonNode body) {

    /// What runs containers of ours.
    static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet", "Job", "CronJob");

    private static final ObjectMapper JSON = new ObjectMapper();

    /// @throws org.yaml.snakeyaml.error.YAMLException if it is no YAML, or a key stands in it twice
    static List<Manifest> parse(String from, String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(16 << 20);
        var manifests = new ArrayList<Manifest>();
        for (var document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
            if (document != null) {
                manifests.add(new Manifest(from, JSON.valueToTree(document)));
            }
        }
        return List.copyOf(manifests);
    }

    static List<Manifest> in(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .flatMap(file -> read(folder, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Manifest> read(Path folder, Path file) {
        try {
            return parse(folder.relativize(file).toString(), Files.readString(file)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String type() {
        return body.path("apiVersion").asText() + "/" + kind();
    }

    String kind() {
        return body.path("kind").asText();
    }

    String name() {
        return body.at("/metadata/name").asText();
    }

    /// The member of the segments that this belongs to.
    String member() {
        return body.at("/metadata/labels/app.kubernetes.io~1name").asText();
    }

    boolean isWorkload() {
        return WORKLOADS.contains(kind());
    }

    Optional<JsonNode> pod() {
        return Stream.of("/spec/template/spec", "/spec/jobTemplate/spec/template/spec")
                .map(body::at)
                .filter(node -> isWorkload() && !node.isMissingNode())
                .findFirst();
    }

    List<JsonNode> containers() {
        return pod().map(pod -> Stream.concat(each(pod.path("initContainers")), each(pod.path("containers")))
                        .toList())
                .orElse(List.of());
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /// Every value of a field of that name, however deep it lies.
    List<JsonNode> all(String field) {
        return Objects.requireNonNull(body.findValues(field));
    }

    @Override
    public String toString() {
        return from + ": " + kind() + " " + name();
    }
}
