package dk.elleve.kit.test.part;

import org.jspecify.annotations.Nullable;

/// A part could not be installed, started or reached. The message is one sentence for the person at the keyboard.
public final class PartFailure extends RuntimeException {

    public PartFailure(String message) {
        super(message);
    }

    public PartFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
