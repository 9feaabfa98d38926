package dk.elleve.kit.messaging;

/// The message itself is bad: trying again cannot help. It is set aside and counted, and the line goes on.
public final class UnreadableEvent extends RuntimeException {

    public UnreadableEvent(String message) {
        super(message);
    }

    public UnreadableEvent(String message, Throwable cause) {
        super(message, cause);
    }
}
