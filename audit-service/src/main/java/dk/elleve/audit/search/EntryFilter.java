package dk.elleve.audit.search;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// @param actors what may stand in the actor's index column; absent for any
/// @param resources the same for resources and their tables
/// @param kinds one of them; absent for any
/// @param records what may stand there, or among the records an entry tells of; absent for any
/// @param grants the grants it may have been done under; absent for any
/// @param flags at least one of them; absent for any
record EntryFilter(
        @Nullable List<byte[]> actors,
        @Nullable List<byte[]> resources,
        @Nullable List<byte[]> records,
        @Nullable List<byte[]> grants,
        @Nullable String tenant,
        @Nullable List<String> kinds,
        @Nullable List<String> flags,
        @Nullable Instant from,
        @Nullable Instant to) {

    /// Whether stretches tell where to look. Where a record or a grant is asked for, few entries can fit, which are
    /// found
    /// by it; where nothing is asked for, all do.
    boolean isByStretch() {
        boolean isOfFew = records != null || grants != null;
        boolean isOfAll = actors == null
                && resources == null
                && tenant == null
                && kinds == null
                && flags == null
                && from == null
                && to == null;
        return !isOfFew && !isOfAll;
    }
}
