package dk.elleve.breach.obligation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A duty of the law, as data.
///
/// @param anchor what its period is counted from
/// @param period ISO 8601; absent where the law says only `soft`
/// @param enabled absent is yes; a proposal that is not law stands here disabled
public record Obligation(
        String id,
        String law,
        String actor,
        String to,
        String anchor,
        @Nullable String period,
        @Nullable String soft,
        @Nullable String unless,
        @Nullable String ifMissed,
        @Nullable List<String> content,
        @Nullable Boolean enabled) {

    /// When a period in hours ends.
    ///
    /// @throws IllegalStateException if this duty has no period in hours
    public Instant due(Instant anchor) {
        return Periods.hours(anchor, hours());
    }

    Duration hours() {
        if (period == null || !period.startsWith("PT")) {
            throw new IllegalStateException(id + " has no period in hours");
        }
        return Duration.parse(period);
    }
}
