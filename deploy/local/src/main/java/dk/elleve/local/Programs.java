package dk.elleve.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Runs another program in the foreground, with the terminal's own input and output.
final class Programs {

    private Programs() {}

    static int run(List<String> command, Path folder) {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new Refusal("The program " + command.getFirst() + " could not be run: " + e.getMessage() + ".");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }
}
