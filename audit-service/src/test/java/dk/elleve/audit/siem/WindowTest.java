package dk.elleve.audit.siem;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowTest {

    @Test
    void a_new_connection_sends_again_what_fits_into_the_window() {
        var window = new Window(100, 41);
        assertThat(window.resume(41)).isEqualTo(41);

        window.add(42, 60);
        window.add(43, 60);
        assertThat(window.resume(43))
                .as("120 bytes, and without the first only 60")
                .isEqualTo(41);

        window.add(44, 40);
        assertThat(window.resume(44)).as("the last two are 100").isEqualTo(42);
    }

    @Test
    void a_message_larger_than_the_window_is_sent_again() {
        var window = new Window(100, -1);
        window.add(0, 10);
        window.add(1, 5000);

        assertThat(window.resume(1)).isZero();
    }

    @Test
    void what_is_not_for_the_receiver_is_passed_over_while_nothing_was_sent() {
        var window = new Window(100, 5);
        assertThat(window.resume(900)).isEqualTo(900);

        window.add(901, 10);
        assertThat(window.resume(1200)).as("901 may be lost").isLessThan(901);
    }

    @Test
    void a_rest_grows_from_a_second_to_a_minute() {
        assertThat(Sender.rest(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Sender.rest(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(Sender.rest(7)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Sender.rest(1000)).isEqualTo(Duration.ofMinutes(1));
    }
}
