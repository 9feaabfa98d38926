package dk.elleve.kit.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The RFC 9457 body.
///
/// @param instance the request id, to quote to whoever helps
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ProblemBody(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String instance,
        List<Problem.At> errors) {

    public static ProblemBody of(ProblemKind kind, String detail, List<Problem.At> errors, @Nullable String requestId) {
        return new ProblemBody(
                "urn:elleve:problem:" + kind.code(),
                kind.title(),
                kind.status().value(),
                detail,
                kind.code(),
                requestId == null ? null : "urn:uuid:" + requestId,
                errors);
    }
}
