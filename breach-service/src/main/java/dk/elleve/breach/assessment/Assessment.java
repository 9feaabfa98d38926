package dk.elleve.breach.assessment;

import dk.elleve.breach.Text;
import java.math.BigDecimal;
import java.util.List;

/// What the rules propose; a person decides.
///
/// @param document always: every breach stands in the register (GDPR Art. 33(5))
/// @param rules why, in the order of the rules
/// @param enisa the severity; it can raise what the rules say and never lower it
/// @param nearest the published cases most like this one, nearest first
/// @param missing facts that are not known yet and could change the outcome
public record Assessment(
        boolean document,
        boolean notifyAuthority,
        boolean notifySubjects,
        List<Reason> rules,
        Severity enisa,
        List<Precedent> nearest,
        List<String> missing) {

    public Assessment {
        rules = List.copyOf(rules);
        nearest = List.copyOf(nearest);
        missing = List.copyOf(missing);
    }

    /// A rule that applied.
    public record Reason(String id, Text text) {}

    /// @param band `low`, `medium`, `high` or `very-high`
    public record Severity(BigDecimal score, String band, Enisa inputs) {}

    /// A published case.
    ///
    /// @param likeness 0 to 1: the share of facts that agree
    public record Precedent(
            String id,
            String title,
            String source,
            BigDecimal likeness,
            boolean notifyAuthority,
            boolean notifySubjects) {}
}
