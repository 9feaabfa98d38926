package dk.elleve.kit.problem;

import java.util.Locale;
import org.springframework.http.HttpStatus;

/// One kind of thing that goes wrong, usually a constant of a feature's `…Problem` enum. The code never changes its
/// meaning.
public interface ProblemKind {

    /// Lower-case words with hyphens, stable: clients and alarms count by it.
    default String code() {
        return ((Enum<?>) this).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    HttpStatus status();

    /// What went wrong, for any occurrence of this kind.
    String title();

    /// This kind with what was wrong, where, and what to do.
    default Problem with(String detail) {
        return new Problem(this, detail);
    }
}
