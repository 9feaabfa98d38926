package dk.elleve.backup.verify;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum VerifyProblem implements ProblemKind {
    VERIFICATION_KIND_UNKNOWN(HttpStatus.UNPROCESSABLE_CONTENT, "There is no such kind of verification"),
    VERIFICATION_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such verification");

    private final HttpStatus status;
    private final String title;

    VerifyProblem(HttpStatus status, String title) {
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
