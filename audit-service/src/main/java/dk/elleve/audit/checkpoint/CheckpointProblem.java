package dk.elleve.audit.checkpoint;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum CheckpointProblem implements ProblemKind {
    NO_CHECKPOINT(HttpStatus.NOT_FOUND, "Nothing was signed yet"),
    NO_TILE(HttpStatus.NOT_FOUND, "The log has no such tile"),
    NO_ANCHOR(HttpStatus.NOT_FOUND, "The log has no such anchor"),
    NO_STAMP(HttpStatus.NOT_FOUND, "There is no time stamp of this size");

    private final HttpStatus status;
    private final String title;

    CheckpointProblem(HttpStatus status, String title) {
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
