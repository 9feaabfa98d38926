package dk.elleve.breach.obligation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/// Counts the law's periods (Regulation (EEC, Euratom) No 1182/71, Art. 3). No clock, no time zone of the machine.
public final class Periods {

    private Periods() {}

    /// The end of a period in hours that began at `anchor`: real hours, so neither weekends nor holidays nor a
    /// change of summer time lengthen it. This is the earlier of the two readings and the one to work by.
    public static Instant hours(Instant anchor, Duration period) {
        return anchor.plus(period);
    }

    /// The formal end: the hour in which the event falls does not count (Art. 3(1)), so the period ends with its
    /// last full hour. For information; nobody should rely on it.
    public static Instant formalEnd(Instant anchor, Duration period) {
        var wholeHour = anchor.truncatedTo(ChronoUnit.HOURS);
        return wholeHour.plus(Duration.ofHours(1)).plus(period);
    }

    /// The last day of a period in months: the same day-number, or the month's last day where there is none (Art.
    /// 3(2)(c)), and the next working day when it falls on a Saturday, Sunday or holiday (Art. 3(4)).
    ///
    /// @param anchor the day of the event; an extension is counted from here too, not from the first period's end
    public static LocalDate months(LocalDate anchor, int months, WorkingDays workingDays) {
        return workingDays.onOrAfter(anchor.plusMonths(months));
    }
}
