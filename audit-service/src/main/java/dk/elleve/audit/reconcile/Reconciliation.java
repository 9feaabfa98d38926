package dk.elleve.audit.reconcile;

import dk.elleve.audit.capture.Comparison;
import java.time.Instant;
import java.util.UUID;

/// A comparison that was made.
record Reconciliation(UUID id, Instant began, Instant ended, Comparison comparison) {

    String source() {
        return comparison.database();
    }

    /// `equal`, or `different` where a table differs or cannot be compared.
    String state() {
        return comparison.holds() ? "equal" : "different";
    }
}
