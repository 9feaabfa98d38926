package dk.elleve.backup.restore;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;

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
    record AtLsn(Lsn lsn) implements RestoreTarget {
        @Override
        public String toString() {
            return "WAL position " + lsn;
        }
    }
}
