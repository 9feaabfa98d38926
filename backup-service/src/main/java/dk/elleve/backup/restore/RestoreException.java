package dk.elleve.backup.restore;

/// The restore was refused or broke off. Without a control file the folder it leaves cannot be started.
public final class RestoreException extends RuntimeException {

    private final RestoreProblem problem;

    RestoreException(RestoreProblem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public RestoreProblem problem() {
        return problem;
    }
}
