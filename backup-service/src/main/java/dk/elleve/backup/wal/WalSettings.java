package dk.elleve.backup.wal;

import java.time.Duration;

/// How WAL is shipped.
///
/// @param slot name of the permanent physical slot
/// @param partAge a byte that has waited this long is shipped
/// @param partSize so many bytes wait for about a second only
/// @param retryAfter pause before the next attempt after a failure
public record WalSettings(String slot, Duration partAge, int partSize, Duration retryAfter) {

    /// A segment that is full by then is shipped as a whole, and nothing of it twice.
    private static final Duration SOON = Duration.ofSeconds(1);

    public static final WalSettings DEFAULTS =
            new WalSettings("elleve_backup", Duration.ofSeconds(5), 1 << 20, Duration.ofSeconds(5));

    /// How long so many bytes may wait.
    Duration partAge(int bytes) {
        return bytes >= partSize && SOON.compareTo(partAge) < 0 ? SOON : partAge;
    }
}
