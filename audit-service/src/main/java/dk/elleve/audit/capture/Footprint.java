package dk.elleve.audit.capture;

import dk.elleve.kit.fingerprint.Fingerprint;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What a transaction did to what the tables add up to.
final class Footprint {

    /// @param emptied whether all rows went before these came
    record Step(boolean emptied, Fingerprint change) {

        static final Step NONE = new Step(false, Fingerprint.EMPTY);

        Fingerprint on(Fingerprint before) {
            return (emptied ? Fingerprint.EMPTY : before).plus(change);
        }
    }

    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Set<String> restructured = new HashSet<>();
    private boolean everythingRestructured;

    void came(String table, byte[] hash) {
        steps.merge(
                table,
                new Step(false, Fingerprint.ofRow(hash)),
                (before, row) -> new Step(before.emptied(), before.change().plus(row.change())));
    }

    void went(String table, byte[] hash) {
        var row = Fingerprint.EMPTY.minus(Fingerprint.ofRow(hash));
        steps.merge(
                table,
                new Step(false, row),
                (before, gone) -> new Step(before.emptied(), before.change().plus(gone.change())));
    }

    void emptied(String table) {
        steps.put(table, new Step(true, Fingerprint.EMPTY));
    }

    /// Says that the rows of a table may have changed without being sent: its structure did.
    void restructured(String table) {
        restructured.add(table);
    }

    /// The same of every table, where nothing tells which.
    void everythingRestructured() {
        everythingRestructured = true;
    }

    Map<String, Step> steps() {
        return steps;
    }

    Set<String> restructuredTables() {
        return restructured;
    }

    boolean isEverythingRestructured() {
        return everythingRestructured;
    }

    boolean isEmpty() {
        return steps.isEmpty() && restructured.isEmpty() && !everythingRestructured;
    }
}
