package dk.elleve.tenantdata.antivirus;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a clamd says of itself, such as `ClamAV 1.4.3/27800/Fri Nov 28 09:43:05 2025`.
///
/// @param program its own version
/// @param signatures when the daily signatures it has loaded were made; absent where it has loaded none
record ScannerVersion(String program, @Nullable Instant signatures) {

    private static final Pattern VERSION = Pattern.compile("ClamAV ([^/\\s]+)(?:/(\\d+)/(.*))?");

    /// As C's `ctime` writes it, without the day of the week, which the date says, too.
    private static final DateTimeFormatter MADE = DateTimeFormatter.ofPattern("MMM d HH:mm:ss uuuu", Locale.ENGLISH);

    /// The scanner's clock is taken to be in UTC, as it is in our images: it says no time zone.
    ///
    /// @throws IOException if it is no clamd's answer; a date that cannot be read is none
    static ScannerVersion parse(String answer) throws IOException {
        var found = VERSION.matcher(answer.strip());
        if (!found.matches()) {
            throw new IOException("No scanner answers like this: " + answer);
        }
        return new ScannerVersion(found.group(1), found.group(3) == null ? null : made(found.group(3)));
    }

    private static @Nullable Instant made(String date) {
        var words = date.strip().split("\\s+", 2);
        if (words.length < 2) {
            return null;
        }
        try {
            // ctime fills a short day up with a space.
            return LocalDateTime.parse(words[1].replaceAll("\\s+", " "), MADE).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException unknown) {
            return null;
        }
    }
}
