package dk.elleve.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The containers of one compose project, by the `docker` program.
record Docker(String project) {

    interface Reader<T> {
        T read(InputStream output) throws IOException;
    }

    /// The newest container of a service, running or not.
    Optional<String> container(String service) {
        return say(
                        "ps",
                        "--all",
                        "--quiet",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service,
                        "--filter",
                        "label=com.docker.compose.oneoff=False")
                .lines()
                .findFirst();
    }

    String must(String service) {
        return container(service)
                .orElseThrow(() -> new Refusal("The compose project " + project + " has no container of " + service
                        + "; docker compose up makes them."));
    }

    String inspect(String container, String format) {
        return say("inspect", "--format", format, container).strip();
    }

    /// Where a port of a service is published on this machine.
    String published(String service, int port) {
        return say("port", must(service), port + "/tcp")
                .lines()
                .filter(line -> !line.startsWith("["))
                .findFirst()
                .orElseThrow(() -> new Refusal("The port " + port + " of " + service + " is not published."))
                .replace("0.0.0.0", "127.0.0.1");
    }

    /// `healthy` when its container is; else the engine's word for what it is.
    String health(String service) {
        return inspect(must(service), "{{if .State.Running}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}");
    }

    boolean succeeds(String... words) {
        return Programs.run(command(words), Path.of("").toAbsolutePath(), new ByteArrayOutputStream()) == 0;
    }

    /// What `docker` answers.
    ///
    /// @throws Refusal if it ends otherwise than with 0, with its own words
    String say(String... words) {
        var output = new ByteArrayOutputStream();
        int status = Programs.run(command(words), Path.of("").toAbsolutePath(), output);
        var said = output.toString(StandardCharsets.UTF_8);
        if (status != 0) {
            throw new Refusal("docker " + words[0] + " failed: " + said.strip());
        }
        return said;
    }

    /// Reads what a command writes while it runs; what it complains of goes nowhere.
    ///
    /// @throws Refusal if it ends with more than 1, which is how tar tells of files that changed under its hands
    <T> T read(Reader<T> reader, String... words) throws IOException {
        return read(reader, new ProcessBuilder(command(words)).redirectError(ProcessBuilder.Redirect.DISCARD), words);
    }

    /// The same, with what it complains of among what it writes.
    <T> T readAll(Reader<T> reader, String... words) throws IOException {
        return read(reader, new ProcessBuilder(command(words)).redirectErrorStream(true), words);
    }

    private static <T> T read(Reader<T> reader, ProcessBuilder program, String... words) throws IOException {
        var process = program.start();
        process.getOutputStream().close();
        try (var output = process.getInputStream()) {
            var read = reader.read(output);
            output.transferTo(OutputStream.nullOutputStream());
            if (process.waitFor() > 1) {
                throw new Refusal("docker " + String.join(" ", words) + " ended with " + process.exitValue() + ".");
            }
            return read;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        } finally {
            process.destroy();
        }
    }

    private static List<String> command(String... words) {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        return command;
    }
}
