package dk.elleve.contracts;

import java.time.Instant;
import java.util.Map;

/// A proof for or against one claim behind the eleven answers, said on `<owner>.evidence.v1`; audit-service hears them
/// all.
///
/// @param id unique for each measurement
/// @param claim the claim's id, such as `backup.wal`
/// @param holds whether the measurement supports the claim
/// @param measuredAt when it was measured
/// @param facts what was measured, in plain words and numbers; never personal data
public record Evidence(String id, String claim, boolean holds, Instant measuredAt, Map<String, String> facts)
        implements Event {

    public Evidence {
        facts = Map.copyOf(facts);
    }
}
