package dk.elleve.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void ninety_nine_of_a_hundred_do_not_exceed_the_value_that_is_told() {
        var latencies = new Latencies();
        LongStream.rangeClosed(1, 5000).map(i -> (5001 - i) * 1000).forEach(latencies::add);

        assertThat(latencies.millis(0.5)).isEqualTo(2500);
        assertThat(latencies.millis(0.99)).isEqualTo(4950);
        assertThat(latencies.millis(1)).isEqualTo(5000);
    }

    @Test
    void nothing_measured_is_no_result() {
        assertThatThrownBy(() -> new Latencies().millis(0.99)).isInstanceOf(IllegalStateException.class);
    }
}
