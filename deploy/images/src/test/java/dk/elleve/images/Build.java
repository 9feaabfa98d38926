package dk.elleve.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `deploy/images/build`, as a person would call it.
final class Build {

    private static final Path SAID = Path.of("target", "build.log");

    private Build() {}

    /// What the script says when it has built these images. Where no Docker engine answers the test is skipped.
    static String of(String... images) throws IOException, InterruptedException {
        requireEngine();
        var command = new ArrayList<>(List.of("deploy/images/build"));
        command.addAll(List.of(images));
        assertThat(run(command)).as(() -> said()).isZero();
        return said();
    }

    private static void requireEngine() throws InterruptedException {
        try {
            if (run(List.of("docker", "version", "--format", "{{.Server.Version}}")) != 0) {
                abort("no Docker engine answers: " + said().strip());
            }
        } catch (IOException absent) {
            abort("docker is not installed");
        }
    }

    private static int run(List<String> command) throws IOException, InterruptedException {
        Files.createDirectories(SAID.getParent());
        var process = new ProcessBuilder(command)
                .directory(ProjectRoot.find().toFile())
                .redirectErrorStream(true)
                .redirectOutput(SAID.toFile())
                .start();
        if (!process.waitFor(20, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("Not within 20 minutes: " + String.join(" ", command));
        }
        return process.exitValue();
    }

    private static String said() {
        try {
            return Files.readString(SAID);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
