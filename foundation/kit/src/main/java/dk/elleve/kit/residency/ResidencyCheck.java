package dk.elleve.kit.residency;

import java.util.Map;
import java.util.Optional;

/// Looks again and again whether what is declared of an endpoint is still so. A bean of this type is
/// asked every minute, and what it says goes into the evidence.
public interface ResidencyCheck {

    /// Why data must not go there now; empty when it may.
    ///
    /// @throws RuntimeException when it cannot be looked at; then nothing is said for or against the
    ///     claim
    Optional<String> objection();

    /// What was seen, for the evidence.
    Map<String, String> facts();
}
