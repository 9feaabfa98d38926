package dk.elleve.identity;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

/// What can go wrong with tenants and members.
public enum IdentityProblem implements ProblemKind {
    UNKNOWN_TENANT(HttpStatus.NOT_FOUND, "There is no such tenant"),
    TENANT_EXISTS(HttpStatus.CONFLICT, "A tenant of that id exists or existed"),
    TENANT_NOT_OPEN(HttpStatus.CONFLICT, "The tenant is not open"),
    UNKNOWN_LOGIN(HttpStatus.UNPROCESSABLE_CONTENT, "Nobody has that login"),
    UNKNOWN_MEMBER(HttpStatus.NOT_FOUND, "The tenant has no such member"),
    MEMBER_ELSEWHERE(HttpStatus.CONFLICT, "A person is a member of one tenant at most"),
    IS_STAFF(HttpStatus.CONFLICT, "Staff of the platform are members of no tenant"),
    LOGIN_TAKEN(HttpStatus.CONFLICT, "Somebody has that login already"),
    KEYCLOAK_AWAY(HttpStatus.SERVICE_UNAVAILABLE, "Keycloak does not answer");

    private final HttpStatus status;
    private final String title;

    IdentityProblem(HttpStatus status, String title) {
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
