package dk.elleve.backup.drill;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;

/// What the tables held at a moment: exactly what was written before `position`, and nothing else.
record Mark(Lsn position, Instant takenAt, Content content) {}
