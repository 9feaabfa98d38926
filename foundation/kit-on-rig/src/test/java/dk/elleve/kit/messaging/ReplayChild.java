package dk.elleve.kit.messaging;

import dk.elleve.kit.HaltingLines;
import dk.elleve.kit.KitApp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.springframework.boot.builder.SpringApplicationBuilder;

/// A service that replays what it is asked to, and ends without warning at the one line that it is
/// told.
final class ReplayChild {

    /// Each line at which a process can die while it replays a message.
    static final String[] LINES = {
        "before INSERT INTO kit.inbox",
        "before INSERT INTO data.heard",
        "before commit of INSERT INTO data.heard",
        "after commit of INSERT INTO data.heard",
        "before UPDATE kit.set_aside SET state = 'replayed'",
    };

    private ReplayChild() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        if (arguments.length > 1) {
            HaltingLines.arm(arguments[1]);
        }
        new SpringApplicationBuilder(KitApp.class, StubbornListener.Hearing.class, HaltingLines.class)
                .properties(settings)
                .run();
    }
}
