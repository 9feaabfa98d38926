package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;

/// A moment that can be restored, and what a copy of it must hold: exactly what was committed
/// before its position, and nothing else.
sealed interface Moment permits Mark, LogMark {

    At at();

    Instant takenAt();

    default Lsn position() {
        return at().position();
    }

    /// A moment's place in the log of a cluster.
    ///
    /// @param timeline on which the position was: after a failover the same number may be another
    ///     moment
    record At(int timeline, Lsn position) {}
}
