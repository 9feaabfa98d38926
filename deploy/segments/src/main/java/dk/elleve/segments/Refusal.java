package dk.elleve.segments;

/// It cannot be done. The message is one sentence that says where, why and what to do.
final class Refusal extends RuntimeException {

    Refusal(String message) {
        super(message);
    }

    Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
