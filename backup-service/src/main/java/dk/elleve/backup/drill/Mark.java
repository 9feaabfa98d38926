package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;

/// What the source held at a moment, as it was seen there.
record Mark(Lsn position, Instant takenAt, Content content) implements Moment {}
