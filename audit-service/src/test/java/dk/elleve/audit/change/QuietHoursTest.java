package dk.elleve.audit.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietHoursTest {

    private static final ZoneId COPENHAGEN = ZoneId.of("Europe/Copenhagen");

    @ParameterizedTest
    @CsvSource({
        "2026-03-02T00:00:00Z, 2026-03-02T04:00:00Z, true", // winter: one hour ahead of UTC
        "2026-03-01T23:59:59Z, 2026-03-02T01:00:00Z, false",
        "2026-03-02T03:59:00Z, 2026-03-02T04:00:01Z, false",
        "2026-07-01T23:00:00Z, 2026-07-02T02:30:00Z, true", // summer: two hours ahead
        "2026-07-02T03:30:00Z, 2026-07-02T03:40:00Z, false",
        "2026-03-02T01:00:00Z, 2026-03-03T01:00:00Z, false" // two nights are not one
    })
    void a_change_is_held_when_all_of_it_lies_in_one_night(Instant begun, Instant ended, boolean held) {
        var quiet = new QuietHours(LocalTime.of(1, 0), Duration.ofHours(4), COPENHAGEN);

        assertThat(quiet.hold(begun, ended)).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-02T22:30:00Z, 2026-03-03T00:30:00Z, true",
        "2026-03-03T00:10:00Z, 2026-03-03T00:50:00Z, true",
        "2026-03-03T00:50:00Z, 2026-03-03T01:10:00Z, false"
    })
    void hours_may_reach_over_midnight(Instant begun, Instant ended, boolean held) {
        var quiet = new QuietHours(LocalTime.of(23, 0), Duration.ofHours(3), COPENHAGEN);

        assertThat(quiet.hold(begun, ended)).isEqualTo(held);
    }

    @Test
    void hours_of_no_length_or_of_more_than_a_day_are_refused() {
        assertThatThrownBy(() -> new QuietHours(LocalTime.NOON, Duration.ZERO, COPENHAGEN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuietHours(LocalTime.NOON, Duration.ofHours(25), COPENHAGEN))
                .hasMessageContaining("PT25H");
    }
}
