package dk.elleve.audit.change;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum ChangeProblem implements ProblemKind {
    CHANGE_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such change"),
    CHANGE_ENDED(HttpStatus.CONFLICT, "How the change ended is on record already");

    private final HttpStatus status;
    private final String title;

    ChangeProblem(HttpStatus status, String title) {
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
