package dk.elleve.backup.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wire.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class RetentionTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
    private static final Retention MONTH = new Retention(Duration.ofDays(30), 2);

    @Test
    void nothing_goes_while_the_window_is_not_full() {
        var all = List.of(full("f1", 20, 1), incremental("i1", "f1", 19, 2));

        assertThat(MONTH.at(NOW, all, each -> true)).isEqualTo(new Retention.Expired(List.of(), Optional.empty()));
    }

    @Test
    void what_the_first_moment_of_the_window_is_reached_from_stays_with_what_it_stands_on() {
        var all = List.of(
                full("f0", 45, 1),
                incremental("i0", "f0", 44, 2),
                full("f1", 38, 3),
                incremental("i1", "f1", 37, 4),
                incremental("i2", "f1", 31, 5),
                incremental("i3", "f1", 29, 6),
                full("f2", 25, 7));

        var expired = MONTH.at(NOW, all, each -> true);

        // i2 was the newest when the window begins; i0 goes before f0.
        assertThat(expired.backups()).containsExactly("i0", "i1", "f0");
        assertThat(expired.walFrom()).contains(new Lsn(3));
    }

    @Test
    void a_backup_that_was_left_behind_is_none_that_a_moment_is_reached_from() {
        var all = List.of(full("f0", 40, 1), full("left", 31, 9), full("f1", 20, 5), full("f2", 10, 6));

        assertThat(MONTH.at(NOW, all, each -> true).backups()).containsExactly("f0");
        assertThat(MONTH.at(NOW, all, each -> !each.id().equals("left")).backups())
                .isEmpty();
    }

    @Test
    void so_many_full_backups_stay_however_old() {
        var all = List.of(full("f0", 300, 1), full("f1", 200, 2), full("f2", 100, 3));

        assertThat(MONTH.at(NOW, all, each -> true).backups()).containsExactly("f0");
    }

    @Test
    void less_than_one_full_backup_cannot_be_kept() {
        assertThatThrownBy(() -> new ExpireProperties(Duration.ofDays(30), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("elleve.backup.expire.fulls");
    }

    /// Whatever the history, every moment of the window that could be restored before can be restored
    /// afterwards.
    @RepeatedTest(200)
    void no_moment_of_the_window_is_lost(RepetitionInfo repetition) {
        var random = new Random(repetition.getCurrentRepetition());
        var all = new ArrayList<Manifest>();
        @Nullable String base = null;
        for (int day = 80, lsn = 1; day >= 0; day -= random.nextInt(1, 5), lsn += random.nextInt(1, 9)) {
            if (base == null || random.nextInt(5) == 0) {
                base = "f" + day;
                all.add(full(base, day, lsn));
            } else {
                all.add(incremental("i" + day, base, day, lsn));
            }
        }
        var expired = MONTH.at(NOW, all, each -> true);
        var left = all.stream()
                .filter(each -> !expired.backups().contains(each.id()))
                .toList();
        Set<String> ids = left.stream().map(Manifest::id).collect(Collectors.toSet());

        for (var moment = NOW.minus(Duration.ofDays(30)); moment.isBefore(NOW); moment = moment.plusSeconds(3600)) {
            assertThat(from(left, moment)).isEqualTo(from(all, moment));
        }
        assertThat(left).allSatisfy(each -> {
            assertThat(each.base() == null || ids.contains(each.base())).isTrue();
            expired.walFrom()
                    .ifPresent(
                            from -> assertThat(each.startLsn().isBefore(from)).isFalse());
        });
        assertThat(left.stream().filter(Manifest::isFull).count())
                .isGreaterThanOrEqualTo(
                        Math.min(2, all.stream().filter(Manifest::isFull).count()));
    }

    /// The backup that a moment is restored from.
    private static @Nullable Manifest from(List<Manifest> all, Instant moment) {
        return all.stream()
                .filter(each -> !each.finishedAt().isAfter(moment))
                .reduce((one, later) -> later)
                .orElse(null);
    }

    private static Manifest full(String id, int days, long lsn) {
        return manifest(id, null, days, lsn);
    }

    private static Manifest incremental(String id, String base, int days, long lsn) {
        return manifest(id, base, days, lsn);
    }

    private static Manifest manifest(String id, @Nullable String base, int days, long lsn) {
        var at = NOW.minus(Duration.ofDays(days));
        return new Manifest(
                Manifest.FORMAT,
                id,
                base == null ? Manifest.FULL : Manifest.INCREMENTAL,
                base,
                "1",
                "18.6",
                16 << 20,
                1,
                new Lsn(lsn).toString(),
                new Lsn(lsn).toString(),
                at,
                at,
                1,
                1,
                1,
                1,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
