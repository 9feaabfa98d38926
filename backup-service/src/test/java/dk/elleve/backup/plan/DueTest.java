package dk.elleve.backup.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.wal.Gap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.support.CronExpression;

class DueTest {

    private static final Instant NOW = Instant.parse("2026-11-24T17:00:00Z");
    private static final CronExpression TWICE_DAILY = CronExpression.parse("0 30 1,13 * * *");

    @Test
    void the_first_backup_is_due_at_once_and_full() {
        assertThat(due(null, null)).contains(new Due("full", "first"));
    }

    @Test
    void a_young_backup_is_enough() {
        var full = run(Manifest.FULL, Duration.ofDays(6));

        assertThat(due(full, run(Manifest.INCREMENTAL, Duration.ofHours(3)))).isEmpty();
    }

    @Test
    void an_old_full_backup_is_followed_by_another() {
        var full = run(Manifest.FULL, Duration.ofDays(7));

        assertThat(due(full, run(Manifest.INCREMENTAL, Duration.ofHours(3)))).contains(new Due("full", "scheduled"));
    }

    @Test
    void an_incremental_one_is_due_at_its_hour() {
        var full = run(Manifest.FULL, Duration.ofDays(2));

        // 17:00 is three and a half hours after 13:30.
        assertThat(due(full, run(Manifest.INCREMENTAL, Duration.ofMinutes(209))))
                .isEmpty();
        assertThat(due(full, run(Manifest.INCREMENTAL, Duration.ofMinutes(211))))
                .contains(new Due("incremental", "scheduled"));
    }

    @Test
    void an_hour_that_was_missed_is_made_up_for_once() {
        var full = run(Manifest.FULL, Duration.ofDays(6));

        assertThat(due(full, full)).contains(new Due("incremental", "scheduled"));
    }

    @Test
    void a_full_backup_counts_for_the_hours_too() {
        var full = run(Manifest.FULL, Duration.ofHours(1));

        assertThat(due(full, full)).isEmpty();
    }

    /// A schedule is changed by a start with other settings: nothing is remembered of the old one.
    @Test
    void a_changed_schedule_counts_from_the_newest_backups_on() {
        var full = run(Manifest.FULL, Duration.ofDays(2));
        var newest = run(Manifest.INCREMENTAL, Duration.ofHours(3));
        assertThat(due(full, newest)).isEmpty();

        var hourly = CronExpression.parse("0 0 * * * *");
        assertThat(Due.at(NOW, full, newest, List.of(), Duration.ofDays(7), hourly))
                .contains(new Due("incremental", "scheduled"));
        assertThat(Due.at(NOW, full, newest, List.of(), Duration.ofDays(1), TWICE_DAILY))
                .contains(new Due("full", "scheduled"));
        var nightly = CronExpression.parse("0 0 3 * * *");
        assertThat(Due.at(
                        NOW,
                        full,
                        run(Manifest.INCREMENTAL, Duration.ofHours(13)),
                        List.of(),
                        Duration.ofDays(7),
                        nightly))
                .isEmpty();
    }

    @Test
    void a_loss_since_the_newest_backup_makes_another_due() {
        var full = run(Manifest.FULL, Duration.ofHours(1));
        var before = new Gap(1, "0/1000000", "0/4000000", NOW, NOW.minus(Duration.ofHours(2)));
        var since = new Gap(1, "0/6000000", "0/7000000", NOW, NOW.minus(Duration.ofMinutes(5)));

        assertThat(due(full, full, before)).isEmpty();
        assertThat(due(full, full, before, since)).contains(new Due("incremental", "after-gap"));
    }

    /// A cluster that went on from an older moment is at lower positions than what it left behind.
    @Test
    void a_loss_counts_by_its_time_and_not_by_its_position() {
        var full = run(Manifest.FULL, Duration.ofHours(1));
        var leftBehind = new Gap(1, "0/9000000", "0/A000000", NOW, NOW.minus(Duration.ofHours(2)));
        var belowTheBackup = new Gap(2, "0/2000000", "0/3000000", NOW, NOW.minus(Duration.ofMinutes(5)));

        assertThat(due(full, full, leftBehind)).isEmpty();
        assertThat(due(full, full, leftBehind, belowTheBackup)).contains(new Due("incremental", "after-gap"));
    }

    private static Optional<Due> due(@Nullable Run full, @Nullable Run newest, Gap... gaps) {
        return Due.at(NOW, full, newest, List.of(gaps), Duration.ofDays(7), TWICE_DAILY);
    }

    private static Run run(String kind, Duration age) {
        var at = NOW.minus(age);
        return new Run(
                "1",
                "1",
                kind,
                Run.State.COMPLETED,
                "scheduled",
                at,
                at,
                at,
                1L,
                1L,
                null,
                1L,
                1L,
                0,
                null,
                1,
                "0/5000000",
                "0/5100000",
                null);
    }
}
