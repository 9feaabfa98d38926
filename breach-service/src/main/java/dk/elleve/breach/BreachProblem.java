package dk.elleve.breach;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

/// What can go wrong with a case.
public enum BreachProblem implements ProblemKind {
    BREACH_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such case"),
    BREACH_CLOSED(HttpStatus.CONFLICT, "The case is closed"),
    BREACH_NOT_DECIDED(HttpStatus.CONFLICT, "The case is not decided yet"),
    NOTICES_OUTSTANDING(HttpStatus.CONFLICT, "A notice that was decided on is not proven to be sent"),
    NOTICE_UNKNOWN(HttpStatus.NOT_FOUND, "The case has no such notice"),
    NOTICE_SENT_ALREADY(HttpStatus.CONFLICT, "The notice has a receipt already"),
    DELAY_REASON_REQUIRED(HttpStatus.UNPROCESSABLE_CONTENT, "A late notification says why it is late");

    private final HttpStatus status;
    private final String title;

    BreachProblem(HttpStatus status, String title) {
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
