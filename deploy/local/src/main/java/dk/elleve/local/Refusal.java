package dk.elleve.local;

/// The command cannot be done. The message is one sentence that says why and what to do.
final class Refusal extends RuntimeException {

    Refusal(String message) {
        super(message);
    }
}
