package dk.elleve.kit.problem;

import java.util.List;
import java.util.Map;

/// Thrown when a request cannot be carried out; becomes an RFC 9457 body. The detail holds no personal data: it is
/// logged.
public final class Problem extends RuntimeException {

    /// One wrong place in a body.
    ///
    /// @param pointer JSON Pointer (RFC 6901) into the request's body, or the name of a query parameter
    /// @param detail which rule it breaks, without repeating the value
    public record At(String pointer, String detail) {}

    private final transient ProblemKind kind;
    private final transient List<At> errors;
    private final transient Map<String, String> headers;

    public Problem(ProblemKind kind, String detail) {
        this(kind, detail, List.of(), Map.of());
    }

    public Problem(ProblemKind kind, String detail, List<At> errors) {
        this(kind, detail, errors, Map.of());
    }

    public Problem(ProblemKind kind, String detail, List<At> errors, Map<String, String> headers) {
        super(detail);
        this.kind = kind;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    public ProblemKind kind() {
        return kind;
    }

    public List<At> errors() {
        return errors;
    }

    /// Headers of the answer, such as `Retry-After`.
    public Map<String, String> headers() {
        return headers;
    }
}
