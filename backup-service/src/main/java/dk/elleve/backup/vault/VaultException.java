package dk.elleve.backup.vault;

import org.jspecify.annotations.Nullable;

/// Something is wrong with the vault; the message names the object.
public final class VaultException extends RuntimeException {

    private final VaultProblem problem;

    public VaultException(VaultProblem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    public VaultException(VaultProblem problem, String message) {
        this(problem, message, null);
    }

    public VaultProblem problem() {
        return problem;
    }
}
