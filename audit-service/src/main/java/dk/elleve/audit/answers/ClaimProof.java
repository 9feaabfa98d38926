package dk.elleve.audit.answers;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The newest measurement of a claim, and the newest one that held.
///
/// @param provenAt when the claim was last measured and held
/// @param index where the newest measurement stands in the log; absent for the second until it is sequenced
/// @param provenIndex the same of the newest one that held
record ClaimProof(
        String claim,
        boolean holds,
        Instant measuredAt,
        Map<String, String> facts,
        @Nullable Instant provenAt,
        @Nullable Long index,
        @Nullable Long provenIndex) {}
