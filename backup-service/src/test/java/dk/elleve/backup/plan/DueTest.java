package dk.elleve.backup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.wal.Gap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DueTest {

    private static final Instant NOW = Instant.parse("2026-11-24T17:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void the_first_backup_is_due_at_once() {
        assertThat(Due.cause(NOW, null, List.of(), WEEK)).contains("first");
    }

    @Test
    void a_young_backup_is_enough() {
        assertThat(Due.cause(NOW, full(Duration.ofDays(6)), List.of(), WEEK)).isEmpty();
    }

    @Test
    void an_old_backup_is_followed_by_another() {
        assertThat(Due.cause(NOW, full(WEEK), List.of(), WEEK)).contains("scheduled");
    }

    @Test
    void a_loss_since_the_newest_backup_makes_another_due() {
        var before = new Gap(1, "0/1000000", "0/4000000", NOW, NOW);
        var since = new Gap(1, "0/6000000", "0/7000000", NOW, NOW);

        assertThat(Due.cause(NOW, full(Duration.ofDays(1)), List.of(before), WEEK))
                .isEmpty();
        assertThat(Due.cause(NOW, full(Duration.ofDays(1)), List.of(before, since), WEEK))
                .contains("after-gap");
    }

    private static Run full(Duration age) {
        var at = NOW.minus(age);
        return new Run(
                "full-1",
                "1",
                Run.FULL,
                Run.State.COMPLETED,
                "first",
                at,
                at,
                at,
                1L,
                1L,
                "0/5000000",
                "0/5100000",
                null);
    }
}
