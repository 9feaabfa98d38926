package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.local.QuietWindow.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuietWindowTest {

    private static final Instant NOW = Instant.parse("2026-03-02T01:00:00Z");
    private static final QuietWindow OPEN = new QuietWindow(NOW.minusSeconds(3600), NOW.plusSeconds(3600));
    private static final QuietWindow LATER = new QuietWindow(NOW.plusSeconds(86400), NOW.plusSeconds(90000));

    @Test
    void work_that_fits_into_an_open_window_goes() {
        assertThat(QuietWindow.decide(List.of(LATER, OPEN), NOW, Duration.ofMinutes(60)))
                .isEqualTo(new Timing.Go(OPEN));
    }

    @Test
    void work_that_would_outlast_the_open_window_waits_for_the_next() {
        assertThat(QuietWindow.decide(
                        List.of(LATER, OPEN), NOW, Duration.ofMinutes(60).plusSeconds(1)))
                .isEqualTo(new Timing.Never());
        assertThat(QuietWindow.decide(List.of(LATER, OPEN), NOW.plusSeconds(60), Duration.ofMinutes(60)))
                .isEqualTo(new Timing.Wait(LATER));
        assertThat(QuietWindow.decide(List.of(), NOW, Duration.ofMinutes(1))).isEqualTo(new Timing.Never());
    }

    @Test
    void the_same_hours_of_each_day_follow_the_clock_of_their_zone() {
        var night =
                Instant.parse("2026-03-29T00:30:00Z"); // 01:30 in Copenhagen, half an hour before the clocks go forward

        var windows = QuietWindow.daily("01:00/PT4H Europe/Copenhagen", night);

        assertThat(windows)
                .startsWith(
                        new QuietWindow(Instant.parse("2026-03-29T00:00:00Z"), Instant.parse("2026-03-29T04:00:00Z")),
                        new QuietWindow(Instant.parse("2026-03-29T23:00:00Z"), Instant.parse("2026-03-30T03:00:00Z")));
    }

    @Test
    void hours_that_reach_over_midnight_are_open_after_it() {
        assertThat(QuietWindow.daily("23:00/PT3H UTC", NOW).getFirst())
                .isEqualTo(
                        new QuietWindow(Instant.parse("2026-03-01T23:00:00Z"), Instant.parse("2026-03-02T02:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "night", "01:00", "01:00/PT4H", "01:00/4h UTC", "01:00/PT0S UTC", "01:00/PT25H UTC"})
    void anything_else_is_refused_with_how_it_is_written(String text) {
        assertThatThrownBy(() -> QuietWindow.daily(text, NOW))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("01:00/PT4H Europe/Copenhagen");
    }
}
