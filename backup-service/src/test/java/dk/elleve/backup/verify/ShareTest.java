package dk.elleve.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.vault.Stretch;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShareTest {

    private static final Instant NOW = Instant.parse("2026-11-30T05:00:00Z");

    @Test
    void within_four_weeks_every_chunk_of_every_object_is_unpacked_once() {
        for (var object = 0; object < 50; object++) {
            var name = "base/20261130T050000000Z-full-000000/pack-" + object;
            for (var chunk = 0; chunk < 32; chunk++) {
                var at = chunk * Stretch.CHUNK;
                assertThat(IntStream.range(0, Share.WEEKS)
                                .filter(week -> new Share(name, NOW.plus(Duration.ofDays(7L * week))).wants(at))
                                .count())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void small_objects_have_their_turns_in_different_weeks() {
        assertThat(IntStream.range(0, 1000)
                        .filter(object -> new Share("wal/00000001/part-" + object, NOW).wants(0))
                        .count())
                .isBetween(150L, 350L);
    }
}
