package dk.elleve.local;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A time in which the platform may be changed.
record QuietWindow(Instant from, Instant to) {

    QuietWindow {
        if (!from.isBefore(to)) {
            throw new Refusal("A window ends after it begins; " + from + " to " + to + " does not.");
        }
    }

    /// What to do about the time.
    sealed interface Timing {

        /// The work fits into a window that is open.
        record Go(QuietWindow window) implements Timing {}

        /// It fits into one that opens later.
        record Wait(QuietWindow window) implements Timing {}

        /// It fits into none that is known.
        record Never() implements Timing {}
    }

    /// The earliest window that leaves room for the work.
    ///
    /// @param needed how long the work may take, with taking it back
    static Timing decide(List<QuietWindow> windows, Instant now, Duration needed) {
        return windows.stream()
                .sorted(Comparator.comparing(QuietWindow::from))
                .filter(window -> !window.later(now).plus(needed).isAfter(window.to()))
                .findFirst()
                .<Timing>map(window -> window.from().isAfter(now) ? new Timing.Wait(window) : new Timing.Go(window))
                .orElseGet(Timing.Never::new);
    }

    private Instant later(Instant now) {
        return now.isAfter(from) ? now : from;
    }

    /// The same hours of each day.
    ///
    /// @param text such as `01:00/PT4H Europe/Copenhagen`
    /// @return the one that may be open still, and those of the next two days
    static List<QuietWindow> daily(String text, Instant now) {
        try {
            var parts = text.strip().split("[/ ]", 3);
            var from = LocalTime.parse(parts[0]);
            var length = Duration.parse(parts[1]);
            var zone = ZoneId.of(parts[2]);
            if (!length.isPositive() || length.compareTo(Duration.ofDays(1)) > 0) {
                throw new DateTimeException(length + " is no length");
            }
            var today = now.atZone(zone).toLocalDate();
            var windows = new ArrayList<QuietWindow>();
            for (int day = -1; day <= 2; day++) {
                var start = today.plusDays(day).atTime(from).atZone(zone).toInstant();
                if (start.plus(length).isAfter(now)) {
                    windows.add(new QuietWindow(start, start.plus(length)));
                }
            }
            return List.copyOf(windows);
        } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
            throw new Refusal(
                    "A window is written like 01:00/PT4H Europe/Copenhagen: when it opens each day, how long it"
                            + " stays open, and whose clock it is; not " + text + ".");
        }
    }
}
