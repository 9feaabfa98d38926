package dk.elleve.backup.wal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How safe the WAL is at a moment.
///
/// @param streaming whether the line to the server stands
/// @param timeline the timeline being shipped, 0 before the first stream
/// @param received position up to which WAL has arrived
/// @param shipped position up to which WAL is in the vault
/// @param safeUntil everything the server had written by this moment is in the vault
/// @param age how old the oldest WAL outside the vault may be now
/// @param maxAge the oldest it has been since the service started
/// @param clockOffset how much the server's clock is ahead of ours, as it was last seen
/// @param trouble why the stream does not stand
public record WalStatus(
        boolean streaming,
        int timeline,
        String received,
        String shipped,
        Optional<Instant> safeUntil,
        Duration age,
        Duration maxAge,
        Duration clockOffset,
        Optional<String> trouble) {}
