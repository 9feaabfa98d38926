package dk.elleve.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs a program of `deploy/bench` in a process of its own: the launcher is compiled for a quick start.
final class Measuring {

    private Measuring() {}

    static Path jar(Installation installation) {
        var jar = installation.project().resolve("deploy/bench/target/bench.jar");
        if (!Files.exists(jar)) {
            throw new Refusal("The measurements are not built (" + jar + "); run ./mvnw -DskipTests install.");
        }
        return jar;
    }

    /// @param given goes over standard input: some of it is secret
    /// @param log where the program's errors go
    /// @param wish what is done when the program asks for it
    static List<Bench.Measure> run(List<String> command, String given, Path log, Screen progress, Runnable wish)
            throws IOException, InterruptedException {
        var measures = new ArrayList<Bench.Measure>();
        Files.createDirectories(log.getParent());
        var process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        try (var toIt = process.outputWriter(StandardCharsets.UTF_8);
                var said = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
            toIt.write(given + ".\n");
            toIt.flush();
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                var words = line.split("\t");
                switch (words[0]) {
                    case "measure" ->
                        measures.add(new Bench.Measure(
                                words[1], Double.parseDouble(words[2]), Double.parseDouble(words[3]), words[4]));
                    case "please" -> {
                        wish.run();
                        toIt.write("done\n");
                        toIt.flush();
                    }
                    default -> progress.line("    " + line);
                }
            }
            if (process.waitFor() != 0) {
                throw new IllegalStateException("measuring failed; " + log + " says why");
            }
        } finally {
            process.destroy();
        }
        return measures;
    }
}
