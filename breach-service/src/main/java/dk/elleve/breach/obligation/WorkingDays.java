package dk.elleve.breach.obligation;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;

/// Denmark's calendar.
///
/// @param closingDays whether 5 June, 24 and 31 December count as holidays: they are closing days, not statutory
///     holidays
public record WorkingDays(boolean closingDays) {

    private static final int LAST_GREAT_PRAYER_DAY = 2023;

    /// The day itself, or the next working day.
    public LocalDate onOrAfter(LocalDate day) {
        var next = day;
        while (!isWorkingDay(next)) {
            next = next.plusDays(1);
        }
        return next;
    }

    public boolean isWorkingDay(LocalDate day) {
        return day.getDayOfWeek() != DayOfWeek.SATURDAY
                && day.getDayOfWeek() != DayOfWeek.SUNDAY
                && !isHoliday(day)
                && !(closingDays && isClosingDay(day));
    }

    private static boolean isHoliday(LocalDate day) {
        long afterEaster = day.toEpochDay() - easter(day.getYear()).toEpochDay();
        return switch (Math.toIntExact(afterEaster)) {
            case -3, -2, 0, 1, 39, 49, 50 -> true; // Maundy Thursday … Easter Monday, Ascension, Whitsun
            case 26 -> day.getYear() <= LAST_GREAT_PRAYER_DAY;
            default -> isOn(day, Month.JANUARY, 1) || isOn(day, Month.DECEMBER, 25) || isOn(day, Month.DECEMBER, 26);
        };
    }

    private static boolean isClosingDay(LocalDate day) {
        return isOn(day, Month.JUNE, 5) || isOn(day, Month.DECEMBER, 24) || isOn(day, Month.DECEMBER, 31);
    }

    private static boolean isOn(LocalDate day, Month month, int dayOfMonth) {
        return day.getMonth() == month && day.getDayOfMonth() == dayOfMonth;
    }

    /// Easter Sunday of the Gregorian calendar, by the anonymous algorithm (Meeus, Astronomical Algorithms, chapter
    /// 8).
    static LocalDate easter(int year) {
        int a = year % 19;
        int b = year / 100;
        int c = year % 100;
        int d = b / 4;
        int e = b % 4;
        int g = (8 * b + 13) / 25;
        int h = (19 * a + b - d - g + 15) % 30;
        int j = c / 4;
        int k = c % 4;
        int m = (a + 11 * h) / 319;
        int r = (2 * e + 2 * j - k - h + m + 32) % 7;
        int month = (h - m + r + 90) / 25;
        int day = (h - m + r + month + 19) % 32;
        return LocalDate.of(year, month, day);
    }
}
