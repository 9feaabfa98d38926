package dk.elleve.backup.drill;

import java.time.Duration;
import java.time.Instant;

/// What a drill that passed has measured.
record DrillResult(
        String backup,
        String position,
        Instant restoredTo,
        Duration recoveryTime,
        Duration recoveryPoint,
        int tables,
        long records) {}
