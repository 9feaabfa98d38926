package dk.elleve.kit.problem;

import org.springframework.http.HttpStatus;

/// What can go wrong anywhere.
public enum CommonProblem implements ProblemKind {
    INVALID_REQUEST(HttpStatus.BAD_REQUEST, "The request is not valid"),
    INVALID_CURSOR(HttpStatus.BAD_REQUEST, "The cursor is not one of ours"),
    UNAUTHENTICATED(HttpStatus.UNAUTHORIZED, "Sign in first"),
    TENANT_REQUIRED(HttpStatus.FORBIDDEN, "The token names no tenant, or more than one"),
    FORBIDDEN(HttpStatus.FORBIDDEN, "Your roles do not allow this"),
    NOT_FOUND(HttpStatus.NOT_FOUND, "There is nothing here"),
    CONFLICT(HttpStatus.CONFLICT, "The request does not fit the present state"),
    IDEMPOTENCY_KEY_REUSED(HttpStatus.CONFLICT, "The idempotency key was used for another request"),
    PRECONDITION_FAILED(HttpStatus.PRECONDITION_FAILED, "It has changed since you read it"),
    PRECONDITION_REQUIRED(HttpStatus.PRECONDITION_REQUIRED, "Say which version you mean"),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "The body is too large"),
    BUSY(HttpStatus.SERVICE_UNAVAILABLE, "Try again in a moment"),
    INTERNAL(HttpStatus.INTERNAL_SERVER_ERROR, "Something broke on our side");

    private final HttpStatus status;
    private final String title;

    CommonProblem(HttpStatus status, String title) {
        this.status = status;
        this.title = title;
    }

    /// What a bare HTTP status means, where a library gives nothing more.
    static CommonProblem of(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case FORBIDDEN -> FORBIDDEN;
            case NOT_FOUND -> NOT_FOUND;
            case CONFLICT -> CONFLICT;
            case CONTENT_TOO_LARGE -> BODY_TOO_LARGE;
            case SERVICE_UNAVAILABLE -> BUSY;
            default -> status.is4xxClientError() ? INVALID_REQUEST : INTERNAL;
        };
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
