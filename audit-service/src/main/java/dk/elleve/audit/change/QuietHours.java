package dk.elleve.audit.change;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/// The hours of each day in which changes may be made.
///
/// @param length more than nothing, at most a day
record QuietHours(LocalTime from, Duration length, ZoneId zone) {

    QuietHours {
        if (!length.isPositive() || length.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("Quiet hours last more than nothing and at most a day, not " + length);
        }
    }

    /// Whether all of the time between lies in one and the same night.
    boolean hold(Instant begun, Instant ended) {
        var day = begun.atZone(zone).toLocalDate();
        // The window that began the day before may reach over midnight.
        for (var start : new Instant[] {
            day.minusDays(1).atTime(from).atZone(zone).toInstant(),
            day.atTime(from).atZone(zone).toInstant()
        }) {
            if (!begun.isBefore(start) && !ended.isAfter(start.plus(length))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return from + "/" + length + " " + zone;
    }
}
