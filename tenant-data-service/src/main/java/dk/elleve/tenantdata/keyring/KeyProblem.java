package dk.elleve.tenantdata.keyring;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

/// What can keep a personal value from being opened.
public enum KeyProblem implements ProblemKind {
    KEY_AWAY(HttpStatus.SERVICE_UNAVAILABLE, "The tenant's key cannot be reached"),
    SEALED_VALUE_BROKEN(HttpStatus.INTERNAL_SERVER_ERROR, "A stored value does not open with the tenant's key");

    private final HttpStatus status;
    private final String title;

    KeyProblem(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public HttpStatus status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
