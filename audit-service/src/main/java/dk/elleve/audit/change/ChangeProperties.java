package dk.elleve.audit.change;

import jakarta.validation.Valid;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param quiet the hours of each day in which the platform may be changed
/// @param backupAge how old the backup before a change may be
/// @param looksBack changes of so long ago still count
@ConfigurationProperties("elleve.audit.change")
record ChangeProperties(
        @DefaultValue @Valid Quiet quiet,
        @DefaultValue("24h") Duration backupAge,
        @DefaultValue("30d") Duration looksBack) {

    /// @param from when they begin, on the clock of the zone
    /// @param length how long they last; may reach over midnight
    record Quiet(
            @DefaultValue("01:00") LocalTime from,
            @DefaultValue("4h") Duration length,
            @DefaultValue("Europe/Copenhagen") ZoneId zone) {

        QuietHours hours() {
            return new QuietHours(from, length, zone);
        }
    }

    ChangeRule rule() {
        return new ChangeRule(quiet.hours(), backupAge, looksBack);
    }
}
