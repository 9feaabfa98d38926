package dk.elleve.tenantdata.record;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum RecordProblem implements ProblemKind {
    RECORD_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "The record does not follow the collection's schema"),
    IMPORT_REFUSED(HttpStatus.UNPROCESSABLE_CONTENT, "Nothing was imported"),
    IMPORT_UNREADABLE(HttpStatus.BAD_REQUEST, "The import cannot be read"),
    MEDIA_TYPE_UNKNOWN(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The content type is not one that is read here"),
    READS_CANNOT_BE_RECORDED(HttpStatus.SERVICE_UNAVAILABLE, "Looks at personal data cannot be recorded now");

    private final HttpStatus status;
    private final String title;

    RecordProblem(HttpStatus status, String title) {
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
