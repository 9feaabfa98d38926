package dk.elleve.backup.cluster;

import java.time.Instant;
import java.util.Map;

/// What one cluster's process has measured for or against a claim.
record Measurement(boolean holds, Instant at, Map<String, String> facts) {

    Measurement {
        facts = Map.copyOf(facts);
    }
}
