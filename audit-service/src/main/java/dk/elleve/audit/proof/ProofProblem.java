package dk.elleve.audit.proof;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum ProofProblem implements ProblemKind {
    NO_ENTRY(HttpStatus.NOT_FOUND, "There is no such entry, or it is not yours to read"),
    PROOF_NOT_READY(HttpStatus.CONFLICT, "No signed checkpoint covers this entry yet");

    private final HttpStatus status;
    private final String title;

    ProofProblem(HttpStatus status, String title) {
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
