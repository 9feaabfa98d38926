package dk.elleve.tlog;

/// Text or bytes are not in the one form their format allows.
public final class MalformedException extends TlogException {

    public MalformedException(String message) {
        super(message);
    }
}
