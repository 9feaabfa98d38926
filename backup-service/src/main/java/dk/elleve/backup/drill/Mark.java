package dk.elleve.backup.drill;

import java.time.Instant;

/// What the source held at a moment, as it was seen there.
record Mark(At at, Instant takenAt, Content content) implements Moment {}
