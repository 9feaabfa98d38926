package dk.elleve.backup.keyvault;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One version of a key, as the key vault lists it.
///
/// @param from not to be used before, when it says so
/// @param until not to be used after, when it says so
record Version(
        String name,
        boolean enabled,
        Instant created,
        @Nullable Instant from,
        @Nullable Instant until) {

    /// The version to wrap with: the newest of those that may be used now. One that is disabled is passed over,
    /// so that disabling a version brings everything back to the one before it.
    static Optional<Version> current(List<Version> versions, Instant now) {
        return versions.stream()
                .filter(version -> version.isUsable(now))
                .max(Comparator.comparing(Version::created).thenComparing(Version::name));
    }

    private boolean isUsable(Instant now) {
        return enabled && (from == null || !now.isBefore(from)) && (until == null || now.isBefore(until));
    }
}
