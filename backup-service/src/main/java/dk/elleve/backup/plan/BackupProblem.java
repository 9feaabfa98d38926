package dk.elleve.backup.plan;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum BackupProblem implements ProblemKind {
    KIND_NOT_OFFERED(HttpStatus.UNPROCESSABLE_CONTENT, "This kind of backup is not offered"),
    NO_FULL_BACKUP(HttpStatus.CONFLICT, "There is no full backup yet"),
    BACKUP_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such backup");

    private final HttpStatus status;
    private final String title;

    BackupProblem(HttpStatus status, String title) {
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
