package dk.elleve.backup.verify;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One reading of what lies in the vault.
///
/// @param cluster system identifier of the cluster
/// @param kind `whole`, or `sample` for a seventh of the objects, another one each day
/// @param cause `requested`, `first` or `scheduled`
/// @param position the last object that was read; a reading that was broken off goes on behind it
/// @param objects how many objects were read …
/// @param total … of so many
/// @param bytes their content
/// @param problems objects that are missing or damaged
/// @param orphans objects that belong to nothing
/// @param reason why the reading itself failed
record Verification(
        String id,
        String cluster,
        String kind,
        State state,
        String cause,
        Instant requestedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        String position,
        long objects,
        long total,
        long bytes,
        List<Damage> problems,
        List<String> orphans,
        @Nullable String reason) {

    static final String WHOLE = "whole";
    static final String SAMPLE = "sample";

    enum State {
        QUEUED,
        RUNNING,
        PASSED,
        FAILED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether an object is among those that are read on this day: each object one day in seven.
    boolean chooses(String object) {
        var day = requestedAt.getEpochSecond() / 86_400;
        return kind.equals(WHOLE) || Math.floorMod(object.hashCode(), 7) == Math.floorMod(day, 7);
    }
}
