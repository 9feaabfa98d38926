package dk.elleve.backup.drill;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum DrillProblem implements ProblemKind {
    DRILLS_NOT_SET_UP(HttpStatus.SERVICE_UNAVAILABLE, "Restore drills are not set up here"),
    DRILL_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such drill"),
    COMPARISON_UNKNOWN(HttpStatus.UNPROCESSABLE_CONTENT, "A restored copy is not compared with that"),
    NO_TALLY(HttpStatus.CONFLICT, "There is nothing of the log to compare a restored copy with");

    private final HttpStatus status;
    private final String title;

    DrillProblem(HttpStatus status, String title) {
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
