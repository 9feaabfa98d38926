package dk.elleve.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the offline verifier: one jar that needs nothing but a JDK, no service and no network for files.
final class Verify {

    private final Installation installation;

    Verify(Installation installation) {
        this.installation = installation;
    }

    int run(List<String> words) {
        var jar = installation.project().resolve("foundation/tlog/target/tlog-1-SNAPSHOT.jar");
        if (!Files.exists(jar)) {
            throw new Refusal("The verifier is not built (" + jar + "); run ./mvnw -DskipTests install.");
        }
        var command = new ArrayList<>(List.of(ServicePart.java(), "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
        command.addAll(words);
        return Programs.run(command, Path.of("").toAbsolutePath());
    }
}
