package dk.elleve.tenantdata.http;

import dk.elleve.kit.problem.Problem;
import dk.elleve.kit.problem.ProblemKind;
import java.util.ArrayList;
import java.util.List;

/// Gathers what is wrong in a body, so that the client hears all of it at once.
public final class Errors {

    private static final int MOST = 100;

    private final List<Problem.At> found = new ArrayList<>();

    /// @param detail which rule is broken; never the value
    public void add(String pointer, String detail) {
        if (found.size() < MOST) {
            found.add(new Problem.At(pointer, detail));
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem.At> found() {
        return List.copyOf(found);
    }

    /// @throws Problem with everything that was added, if anything was
    public void refuse(ProblemKind kind, String detail) {
        if (!found.isEmpty()) {
            throw new Problem(kind, detail, found);
        }
    }

    /// One step of a JSON Pointer (RFC 6901).
    public static String step(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
