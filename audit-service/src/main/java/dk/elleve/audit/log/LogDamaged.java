package dk.elleve.audit.log;

/// The log is not what it was said to be. Nothing is signed and nothing is written until a person has looked.
public final class LogDamaged extends RuntimeException {

    public LogDamaged(String message) {
        super(message);
    }

    public LogDamaged(String message, Throwable cause) {
        super(message, cause);
    }
}
