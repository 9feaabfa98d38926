package dk.elleve.backup.base;

/// A backup was taken but cannot be restored, so it was not declared complete. The next run clears it away.
public final class IncompleteBackupException extends RuntimeException {

    IncompleteBackupException(String message) {
        super(message);
    }
}
