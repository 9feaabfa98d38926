package dk.elleve.backup.restore;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which moment comes back.
public sealed interface RestoreTarget {

    /// Everything the vault holds.
    record Latest() implements RestoreTarget {
        @Override
        public String toString() {
            return "the newest point in the vault";
        }
    }

    /// Every transaction that committed at or before `time`, by the server's clock.
    record AtTime(Instant time) implements RestoreTarget {
        @Override
        public String toString() {
            return time.toString();
        }
    }

    /// Every record of the log that ends at or before `lsn`.
    ///
    /// @param timeline on which the position must be; any the vault leads to where nobody says
    record AtLsn(Lsn lsn, @Nullable Integer timeline) implements RestoreTarget {

        public AtLsn(Lsn lsn) {
            this(lsn, null);
        }

        @Override
        public String toString() {
            return "WAL position " + lsn + (timeline == null ? "" : " on timeline " + timeline);
        }
    }
}
