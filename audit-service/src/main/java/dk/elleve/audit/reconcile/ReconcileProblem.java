package dk.elleve.audit.reconcile;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum ReconcileProblem implements ProblemKind {
    RECONCILIATION_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such comparison"),
    SOURCE_UNKNOWN(HttpStatus.UNPROCESSABLE_CONTENT, "No such database is captured"),
    NOTHING_TO_ACCEPT(HttpStatus.UNPROCESSABLE_CONTENT, "This comparison found no difference in that table"),
    NOT_THE_NEWEST(HttpStatus.CONFLICT, "The source was compared again since");

    private final HttpStatus status;
    private final String title;

    ReconcileProblem(HttpStatus status, String title) {
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
