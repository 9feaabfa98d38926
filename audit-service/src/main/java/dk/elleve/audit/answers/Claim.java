package dk.elleve.audit.answers;

import dk.elleve.contracts.Topic;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that must hold for an answer to be true.
///
/// @param owner the only topic whose evidence counts; absent while nothing proves the claim
/// @param freshFor how long a proof stands
record Claim(String id, int question, @Nullable Topic owner, Duration freshFor, Text text) {

    /// @param proof the newest measurement, if there ever was one
    State state(@Nullable ClaimProof proof, Instant now) {
        if (proof == null) {
            return State.UNPROVEN;
        }
        if (!proof.holds()) {
            return State.BROKEN;
        }
        return now.isAfter(standsUntil(proof)) ? State.STALE : State.PROVEN;
    }

    Instant standsUntil(ClaimProof proof) {
        return proof.measuredAt().plus(freshFor);
    }
}
