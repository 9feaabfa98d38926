package dk.elleve.backup.catalogue;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One run of a backup.
///
/// @param cause why it was asked for: `requested`, `first`, `scheduled`, `after-gap` or `found-in-vault`
/// @param bytesRead size of what the server sent
/// @param bytesStored size of what lies in the vault
/// @param start WAL is needed from here …
/// @param end … to here, at least
/// @param reason why it failed
public record Run(
        String id,
        String cluster,
        String kind,
        State state,
        String cause,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Long bytesRead,
        @Nullable Long bytesStored,
        @Nullable String start,
        @Nullable String end,
        @Nullable String reason) {

    public enum State {
        QUEUED,
        RUNNING,
        COMPLETED,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final String FULL = "full";
}
