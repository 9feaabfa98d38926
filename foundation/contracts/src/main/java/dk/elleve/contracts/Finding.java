package dk.elleve.contracts;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that may be an incident, said by whoever saw it on `<owner>.findings.v1`; breach-service hears them all.
///
/// @param id stable for one occurrence, so that saying it twice makes one case
/// @param kind a word with hyphens, such as `unattributed-change`
/// @param severity how loud it should be before anybody has assessed it
/// @param tenant whose data it touches, if that is known
/// @param detectedAt when the platform became aware: the 72 hours of GDPR Art. 33(1) count from here at the earliest
/// @param occurredAt when it happened, if known
/// @param resource what it touched, such as `tenant_data/record`; never personal data
/// @param facts further facts for whoever assesses it; never personal data in clear
public record Finding(
        String id,
        String kind,
        Severity severity,
        @Nullable TenantId tenant,
        Instant detectedAt,
        @Nullable Instant occurredAt,
        String resource,
        Map<String, String> facts)
        implements Event {

    public Finding {
        facts = Map.copyOf(facts);
    }

    public enum Severity {
        LOW,
        MEDIUM,
        HIGH
    }
}
