package dk.elleve.backup.wal;

import java.time.Duration;

/// How WAL is shipped.
///
/// @param slot name of the permanent physical slot
/// @param partAge a byte that has waited this long is shipped
/// @param partSize so many waiting bytes are shipped at once
/// @param retryAfter pause before the next attempt after a failure
public record WalSettings(String slot, Duration partAge, int partSize, Duration retryAfter) {

    public static final WalSettings DEFAULTS =
            new WalSettings("elleve_backup", Duration.ofSeconds(5), 1 << 20, Duration.ofSeconds(5));
}
