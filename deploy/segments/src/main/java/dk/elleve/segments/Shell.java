package dk.elleve.segments;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Other programs of this machine.
final class Shell {

    private Shell() {}

    /// What the program prints.
    ///
    /// @throws Refusal with what it complains about, if it is missing or fails
    static String run(List<String> command, String input) {
        try {
            var process = new ProcessBuilder(command).start();
            var complaint = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            var feeding = CompletableFuture.runAsync(() -> {
                try (var in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // It ended without reading everything; its status says why.
                }
            });
            var output = read(process.getInputStream());
            feeding.join();
            if (process.waitFor() != 0) {
                throw new Refusal("`" + String.join(" ", command) + "` failed: "
                        + complaint.join().strip());
            }
            return output;
        } catch (IOException e) {
            throw new Refusal("`" + command.getFirst() + "` cannot be run: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while waiting for `" + command.getFirst() + "`.", e);
        }
    }

    private static String read(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
