package dk.elleve.local;

import dk.elleve.kit.test.part.Jvm;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the offline verifier: one jar that needs nothing but a JDK, no service and no network for files.
final class Verify {

    private final Installation installation;
    private final Path key;

    Verify(Installation installation) {
        this(installation, keyFile(installation));
    }

    /// @param key the file with the public key of the log that is believed
    Verify(Installation installation, Path key) {
        this.installation = installation;
        this.key = key;
    }

    int run(List<String> words) {
        return Programs.run(command(words), Path.of("").toAbsolutePath());
    }

    int run(List<String> words, OutputStream output) {
        return Programs.run(command(words), Path.of("").toAbsolutePath(), output);
    }

    private List<String> command(List<String> words) {
        var jar = installation.project().resolve("foundation/tlog/target/tlog.jar");
        if (!Files.exists(jar)) {
            throw new Refusal("The verifier is not built (" + jar + "); run ./mvnw -DskipTests install.");
        }
        var command = new ArrayList<>(List.of(Jvm.program(), "-jar", jar.toString()));
        // The log's public key was written down at the first start: no service has to run to know whose word counts.
        command.addAll(List.of("--default-vkey-file", key.toString()));
        command.addAll(words);
        return command;
    }

    static Path keyFile(Installation installation) {
        return installation.place().root().resolve("log.vkey");
    }
}
