package dk.elleve.audit.checkpoint;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum CheckpointProblem implements ProblemKind {
    NO_CHECKPOINT(HttpStatus.NOT_FOUND, "Nothing was signed yet"),
    NO_TILE(HttpStatus.NOT_FOUND, "The log has no such tile");

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
