package dk.elleve.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Everything that a cluster would be given for one place, as `kubectl kustomize` puts it together.
record Overlay(String name, List<Manifest> manifests) {

    static final Path HOME = ProjectRoot.find().resolve("deploy/kubernetes");

    /// The volumes whose ConfigMaps a service reads as settings.
    private static final Set<String> SETTINGS = Set.of("settings", "receivers");

    private static final Map<String, Overlay> RENDERED = new ConcurrentHashMap<>();

    /// Aborts the test, with the reason, where there is no kubectl that can do it.
    static Overlay rendered(String name) {
        Assumptions.assumeTrue(
                kustomizes(),
                "kubectl with Kustomize 4 or newer is not installed (Debian: apt-get install kubernetes-client); the "
                        + "files were checked one by one, what they make together was not");
        return RENDERED.computeIfAbsent(name, ignored -> {
            var text = run(
                    "kubectl",
                    "kustomize",
                    HOME.resolve("overlays").resolve(name).toString());
            return new Overlay(name, Manifest.parse("overlays/" + name, text));
        });
    }

    /// The local place with somebody who is sent the log; only tests have it.
    static Overlay withReceivers() {
        return rendered("../src/test/overlays/receivers");
    }

    static Stream<String> names() {
        return Stream.of("local", "azure-westeurope");
    }

    List<Manifest> workloads() {
        return manifests.stream().filter(Manifest::isWorkload).toList();
    }

    List<Manifest> all(String kind) {
        return manifests.stream().filter(each -> each.kind().equals(kind)).toList();
    }

    Manifest one(String kind, String name) {
        return manifests.stream()
                .filter(each -> each.kind().equals(kind) && each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + kind + " " + name + " in " + this.name));
    }

    Manifest workload(String name) {
        return workloads().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no workload " + name + " in " + this.name));
    }

    /// What a service reads at its start, the later of its files above the earlier.
    Map<String, String> settings(String service) {
        var settings = new TreeMap<String, String>();
        var sources = Manifest.each(workload(service).pod().orElseThrow().path("volumes"))
                .filter(volume -> SETTINGS.contains(volume.path("name").asText()))
                .flatMap(volume -> Manifest.each(volume.at("/projected/sources")))
                .map(source -> source.at("/configMap/name").asText())
                .filter(source -> !source.isEmpty())
                .toList();
        for (var source : sources) {
            read(one("ConfigMap", source).body())
                    .forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
        }
        return settings;
    }

    private static Properties read(JsonNode configMap) {
        try {
            var properties = new Properties();
            for (var file : configMap.path("data")) {
                properties.load(new StringReader(file.asText()));
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean kustomizes() {
        try {
            var version = Pattern.compile("Kustomize Version: v(\\d+)").matcher(run("kubectl", "version", "--client"));
            return version.find() && Integer.parseInt(version.group(1)) >= 4;
        } catch (UncheckedIOException absent) {
            return false;
        }
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var complained = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + complained);
            }
            if (complained.contains("Warning")) {
                throw new AssertionError(complained);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
