package dk.elleve.contracts.audit;

import dk.elleve.contracts.Event;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the audit log says a database must hold, on `audit.tallies.v1`, keyed by cluster. Whoever has a
/// copy of the cluster at that position, and the key, can tell whether it holds that and nothing else.
public sealed interface TallyEvent extends Event {

    /// One database of several that were tallied at the same position. Nothing in it says what is in a row.
    ///
    /// @param cluster system identifier
    /// @param position of the WAL, as `pg_lsn` is written; every transaction whose commit record begins
    /// before it counts, and no other
    /// @param keyId names the key of the commitments
    /// @param complete whether a table that is not listed has no rows; otherwise nothing is known of it
    record TablesTallied(
            String cluster,
            int timeline,
            String database,
            String position,
            Instant at,
            String keyId,
            boolean complete,
            List<Table> tables)
            implements TallyEvent {

        public TablesTallied {
            tables = List.copyOf(tables);
        }
    }

    /// @param name of a table of schema `data`
    /// @param rows how many there must be
    /// @param commitment to what they add up to, HMAC-SHA-256 in lower-case hex; absent where the log
    /// has no known beginning: then the number of rows means nothing either
    record Table(String name, long rows, @Nullable String commitment) {}
}
