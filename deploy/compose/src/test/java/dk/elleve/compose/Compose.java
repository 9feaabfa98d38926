package dk.elleve.compose;

import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One project of `docker compose`, on ports of its own; everything by the programs a person would call.
final class Compose {

    private static final Path ROOT = ProjectRoot.find();

    private final String project = "elleve-test-" + ProcessHandle.current().pid();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Path log;

    Compose(Path log) {
        this.log = log;
        for (var port : List.of("GATEWAY", "KEYCLOAK", "MAIL")) {
            environment.put("ELLEVE_" + port + "_PORT", Integer.toString(Ports.free()));
        }
    }

    /// Why nothing can be tried here; empty when it can.
    static Optional<String> hindrance() throws IOException, InterruptedException {
        try {
            if (new ProcessBuilder("docker", "compose", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    != 0) {
                return Optional.of("docker compose is not installed");
            }
        } catch (IOException absent) {
            return Optional.of("docker is not installed");
        }
        var engine = new ProcessBuilder("docker", "network", "ls", "--format", "{{.Name}}")
                .redirectErrorStream(true)
                .start();
        var said = new String(engine.getInputStream().readAllBytes());
        if (engine.waitFor() != 0) {
            return Optional.of("no Docker engine answers: " + said.strip());
        }
        return said.lines()
                .filter(name -> name.endsWith("_outside-gateway"))
                .findFirst()
                .map(name -> "another platform of this kind runs here and has the addresses (network " + name + ")");
    }

    String project() {
        return project;
    }

    String gateway() {
        return "http://127.0.0.1:" + environment.get("ELLEVE_GATEWAY_PORT");
    }

    /// `docker compose` with these words, on this project and the images that were built here.
    String compose(String... words) throws IOException, InterruptedException {
        var command =
                new ArrayList<>(List.of("docker", "compose", "-p", project, "--env-file", "deploy/compose/built.env"));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    /// `./elleve` with these words, without its look for what is not built: the build is what runs this.
    String elleve(String... words) throws IOException, InterruptedException {
        return java("deploy/local/target/local-1-SNAPSHOT.jar", words);
    }

    /// A jar of this build with these words.
    String java(String jar, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Jvm.program(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-Delleve.root=" + ROOT,
                "-jar",
                ROOT.resolve(jar).toString()));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    /// What a program of the project says; it has to end with 0.
    String run(String... command) throws IOException, InterruptedException {
        var output = Files.createTempFile("elleve-compose", ".out");
        try {
            var builder = new ProcessBuilder(command)
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(20, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("Not within 20 minutes: " + String.join(" ", command));
            }
            var said = Files.readString(output);
            note(String.join(" ", command) + "\n" + said);
            if (process.exitValue() != 0) {
                throw new AssertionError(
                        String.join(" ", command) + " ended with " + process.exitValue() + ":\n" + said);
            }
            return said;
        } finally {
            Files.delete(output);
        }
    }

    private void note(String text) throws IOException {
        Files.writeString(log, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    String container(String member) throws IOException, InterruptedException {
        return run(
                        "docker",
                        "ps",
                        "--all",
                        "--quiet",
                        "--no-trunc",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + member)
                .strip();
    }

    /// What the engine knows of a member's container, by a Go template.
    String inspect(String member, String template) throws IOException, InterruptedException {
        return run("docker", "inspect", "--format", template, container(member)).strip();
    }
}
