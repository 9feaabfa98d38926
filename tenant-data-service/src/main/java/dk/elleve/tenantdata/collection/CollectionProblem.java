package dk.elleve.tenantdata.collection;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum CollectionProblem implements ProblemKind {
    SCHEMA_INVALID(HttpStatus.UNPROCESSABLE_CONTENT, "The schema cannot be used"),
    SCHEMA_IN_USE(HttpStatus.CONFLICT, "Records stand in the way of this change of the schema");

    private final HttpStatus status;
    private final String title;

    CollectionProblem(HttpStatus status, String title) {
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
