package dk.elleve.audit.change;

import dk.elleve.contracts.Actor;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A change as it stands in the register.
///
/// @param what the part that was changed, such as `platform`
/// @param from the version before; absent for something new
/// @param plannedFrom beginning of the window it was planned for; absent where there was none
/// @param plannedTo its end
/// @param backup the backup taken before
/// @param end absent while it is under way
record Change(
        UUID id,
        String what,
        @Nullable String from,
        String to,
        @Nullable Instant plannedFrom,
        @Nullable Instant plannedTo,
        Instant begun,
        @Nullable String backup,
        Actor by,
        @Nullable End end) {

    /// @param reason a word for why it did not end well
    record End(Instant at, Outcome outcome, @Nullable String reason) {}

    enum Outcome {
        DONE,
        FAILED,
        ROLLED_BACK;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Outcome of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    static final String UNDER_WAY = "under-way";

    /// The word of the API.
    String state() {
        return end == null ? UNDER_WAY : end.outcome().word();
    }
}
