package dk.elleve.tlog;

/// What can be wrong with a thing that came from outside: it is not written as it must be, or it is and says
/// something false, or a witness has seen another history. The message names the place and the rule in one line, fit
/// for the person who asked.
public abstract sealed class TlogException extends RuntimeException
        permits MalformedException, VerificationException, WitnessClient.Refused {

    TlogException(String message) {
        super(message);
    }
}
