package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/// The restore program, for tests of other packages.
public final class RestoreProgram {

    private RestoreProgram() {}

    /// Fails unless it succeeds.
    public static void run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var error = new ByteArrayOutputStream();
        var code = new RestoreMain(new PrintStream(out), new PrintStream(error), false, Clock.systemUTC())
                .run(List.of(arguments));
        assertThat(code).as(error.toString(StandardCharsets.UTF_8)).isZero();
    }
}
