package dk.elleve.tenantdata.http;

import dk.elleve.kit.problem.CommonProblem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a client says about the version it means to change (RFC 9110, section 13).
///
/// @param match the header `If-Match`
/// @param noneMatch the header `If-None-Match`
public record Precondition(@Nullable String match, @Nullable String noneMatch) {

    /// The entity tag of a version.
    public static String tag(long version) {
        return "\"" + version + "\"";
    }

    /// Nothing is there yet.
    ///
    /// @throws dk.elleve.kit.problem.Problem 412 if the client expects something
    public void creates() {
        if (match != null) {
            throw CommonProblem.PRECONDITION_FAILED.with(
                    "There is nothing here to replace; leave If-Match out to create it.");
        }
    }

    /// Something is there, with this version.
    ///
    /// @throws dk.elleve.kit.problem.Problem 428 if the client does not say which version it read, 412 if another
    public void changes(long version) {
        if (noneMatch != null && noneMatch.strip().equals("*")) {
            throw CommonProblem.PRECONDITION_FAILED.with("It exists already; read it and send its ETag as If-Match.");
        }
        if (match == null) {
            throw CommonProblem.PRECONDITION_REQUIRED.with("Read it and send its ETag as If-Match.");
        }
        var current = tag(version);
        if (Arrays.stream(match.split(",", -1))
                .map(String::strip)
                .noneMatch(each -> each.equals("*") || each.equals(current))) {
            throw CommonProblem.PRECONDITION_FAILED.with(
                    "It has changed since you read it: read it again and repeat your change on what you find.");
        }
    }
}
