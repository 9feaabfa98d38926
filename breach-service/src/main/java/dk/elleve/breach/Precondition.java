package dk.elleve.breach;

import dk.elleve.kit.problem.CommonProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a client says about the version it read (`If-Match`, RFC 9110 section 13.1.1).
public final class Precondition {

    private Precondition() {}

    /// The entity tag of a version.
    public static String tag(long version) {
        return "\"" + version + "\"";
    }

    /// @throws dk.elleve.kit.problem.Problem 428 if the client does not say which version it read, 412 if another
    public static void required(@Nullable String match, long version) {
        if (match == null) {
            throw CommonProblem.PRECONDITION_REQUIRED.with("Read the case and send its ETag as If-Match.");
        }
        allowed(match, version);
    }

    /// @throws dk.elleve.kit.problem.Problem 412 if the client says a version and it is another
    public static void allowed(@Nullable String match, long version) {
        if (match != null
                && Arrays.stream(match.split(",", -1))
                        .map(String::strip)
                        .noneMatch(each -> each.equals("*") || each.equals(tag(version)))) {
            throw CommonProblem.PRECONDITION_FAILED.with(
                    "It has changed since you read it: read it again and repeat your change on what you find.");
        }
    }
}
