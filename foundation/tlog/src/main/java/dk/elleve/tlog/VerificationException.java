package dk.elleve.tlog;

/// A well-formed proof, signature or tile does not hold. Never caught to go on: what it speaks of must not be
/// believed.
public final class VerificationException extends TlogException {

    public VerificationException(String message) {
        super(message);
    }
}
