package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;

/// A moment that can be restored, and what a copy of it must hold: exactly what was committed
/// before `position`, and nothing else.
sealed interface Moment permits Mark, LogMark {

    Lsn position();

    Instant takenAt();
}
