package dk.elleve.kit.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.MovingClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SamplingTest {

    private static final Measure DEPTH = new Measure("elleve.test.depth", "bytes", "How deep it is");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MovingClock clock = MovingClock.at("2026-11-25T12:00:00Z");
    private final AtomicReference<Consumer<Sample>> room = new AtomicReference<>(sample -> {});
    private final Sampling sampling = new Sampling(
            List.of(new Sampler() {
                @Override
                public String name() {
                    return "test";
                }

                @Override
                public void sample(Sample sample) {
                    room.get().accept(sample);
                }
            }),
            meters,
            clock);

    @Test
    void what_was_found_is_shown_until_it_is_asked_for_again() {
        room.set(sample -> sample.put(DEPTH, 7, "well", "a"));
        sampling.turn();
        assertThat(depth("a")).isEqualTo(7);

        room.set(sample -> sample.put(DEPTH, Duration.ofMillis(1500), "well", "a"));
        sampling.turn();
        assertThat(depth("a")).isEqualTo(1.5);
    }

    @Test
    void what_is_not_found_any_more_is_no_number() {
        room.set(sample -> {
            sample.put(DEPTH, 1, "well", "a");
            sample.put(DEPTH, 2, "well", "b");
        });
        sampling.turn();
        room.set(sample -> sample.put(DEPTH, 3, "well", "a"));
        sampling.turn();

        assertThat(depth("a")).isEqualTo(3);
        assertThat(depth("b")).isNaN();
    }

    @Test
    void an_old_number_is_not_taken_for_a_fresh_one_when_the_room_cannot_be_asked() {
        room.set(sample -> sample.put(DEPTH, 1, "well", "a"));
        sampling.turn();
        clock.advance(Duration.ofMinutes(2));
        room.set(sample -> {
            sample.put(DEPTH, 2, "well", "a");
            throw new IllegalStateException("the database is away");
        });

        sampling.turn();

        assertThat(depth("a")).isNaN();
        assertThat(age()).isEqualTo(120);

        room.set(sample -> sample.put(DEPTH, 4, "well", "a"));
        sampling.turn();
        assertThat(depth("a")).isEqualTo(4);
        assertThat(age()).isZero();
    }

    @Test
    void a_measure_is_named_by_the_convention() {
        assertThatThrownBy(() -> new Measure("depth", "How deep it is")).hasMessageContaining("elleve.");
        assertThatThrownBy(() -> new Measure("elleve.Tenant_x", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    private double depth(String well) {
        return meters.get("elleve.test.depth").tag("well", well).gauge().value();
    }

    private double age() {
        return meters.get("elleve.sampling.age").gauge().value();
    }
}
