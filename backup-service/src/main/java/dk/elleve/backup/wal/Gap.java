package dk.elleve.backup.wal;

import java.time.Instant;

/// WAL that the server gave up before it was in the vault: lost for good. No restore crosses it.
///
/// @param timeline where it was lost
/// @param from first position that is missing
/// @param to first position that is there again
/// @param safeUntil moment up to which everything had been shipped, as far as the service knew
/// @param foundAt when the loss was found
public record Gap(int timeline, String from, String to, Instant safeUntil, Instant foundAt) {}
