package dk.elleve.tlog;

/// What can be wrong with a thing that came from outside: it is not written as it must be, or it is and says
/// something false. The message names the place and the rule in one line, fit for the person who asked.
public abstract sealed class TlogException extends RuntimeException permits MalformedException, VerificationException {

    TlogException(String message) {
        super(message);
    }
}
