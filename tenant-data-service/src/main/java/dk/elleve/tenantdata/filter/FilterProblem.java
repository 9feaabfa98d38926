package dk.elleve.tenantdata.filter;

import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.problem.ProblemKind;
import java.util.List;
import org.springframework.http.HttpStatus;

/// What can be wrong with a filter, a sort order or a selection of fields.
public enum FilterProblem implements ProblemKind {
    INVALID_FILTER("The filter cannot be understood"),
    UNKNOWN_FIELD("The collection has no such field"),
    FIELD_NOT_SEARCHABLE("This personal field cannot be searched for"),
    PERSONAL_FIELD_EQUALITY_ONLY("A personal field can only be compared with eq and in"),
    PERSONAL_FIELD_NOT_SORTABLE("A list cannot be sorted by a personal field");

    private final String title;

    FilterProblem(String title) {
        this.title = title;
    }

    @Override
    public HttpStatus status() {
        return HttpStatus.BAD_REQUEST;
    }

    @Override
    public String title() {
        return title;
    }

    /// This problem at a position of a query parameter; `detail` repeats no value.
    public Problem at(String parameter, int position, String detail) {
        return new Problem(
                this,
                "At character " + position + " of `" + parameter + "`: " + detail,
                List.of(new Problem.At(parameter, "character " + position + ": " + detail)));
    }

    /// This problem in a query parameter as a whole.
    public Problem in(String parameter, String detail) {
        return new Problem(this, "In `" + parameter + "`: " + detail, List.of(new Problem.At(parameter, detail)));
    }
}
