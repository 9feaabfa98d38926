package dk.elleve.audit.search;

import dk.elleve.kit.problem.ProblemKind;
import org.springframework.http.HttpStatus;

enum SearchProblem implements ProblemKind {
    SEARCH_UNKNOWN(HttpStatus.NOT_FOUND, "There is no such saved search"),
    SEARCH_OF_ANOTHER(HttpStatus.FORBIDDEN, "Somebody else saved this search"),
    TOO_MANY_SEARCHES(HttpStatus.CONFLICT, "No more searches can be saved");

    private final HttpStatus status;
    private final String title;

    SearchProblem(HttpStatus status, String title) {
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
