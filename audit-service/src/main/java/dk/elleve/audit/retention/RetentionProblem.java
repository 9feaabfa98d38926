package dk.elleve.audit.retention;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum RetentionProblem implements ProblemKind {
    CLASS_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such class of entries"),
    PERIOD_TOO_SHORT(HttpStatus.UNPROCESSABLE_CONTENT, "What entries say is kept for longer"),
    PERIOD_TOO_LONG(HttpStatus.UNPROCESSABLE_CONTENT, "No period is that long"),
    HOLD_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such legal hold"),
    HOLD_RELEASED(HttpStatus.CONFLICT, "The hold has ended already"),
    HOLD_OF_THE_OPERATOR(HttpStatus.FORBIDDEN, "The operator placed this hold");

    private final HttpStatus status;
    private final String title;

    RetentionProblem(HttpStatus status, String title) {
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
