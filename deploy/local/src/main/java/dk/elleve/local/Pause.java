package dk.elleve.local;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Between two looks at something that is not there yet.
final class Pause {

    private Pause() {}

    /// @throws Refusal if this program is asked to stop meanwhile
    static void of(Duration length) {
        try {
            TimeUnit.MILLISECONDS.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }
}
