package dk.elleve.audit.change;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Actor;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeRuleTest {

    private static final Instant NIGHT = Instant.parse("2026-03-02T01:30:00Z");
    private static final Instant NOW = Instant.parse("2026-03-05T12:00:00Z");
    private static final Map<String, Instant> BACKUPS = Map.of(
            "full-1", NIGHT.minusSeconds(600),
            "full-late", NIGHT.plusSeconds(1),
            "full-old", NIGHT.minus(Duration.ofHours(25)));

    private final ChangeRule rule = new ChangeRule(
            new QuietHours(LocalTime.of(1, 0), Duration.ofHours(4), ZoneOffset.UTC),
            Duration.ofHours(24),
            Duration.ofDays(30));

    @Test
    void an_empty_register_has_shown_nothing() {
        assertThat(rule.judge(List.of(), this::completed, NOW)).isEmpty();
    }

    @Test
    void a_change_at_night_after_a_backup_keeps_the_promise() {
        var verdict = judge(done(NIGHT, "full-1"));

        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.facts()).containsEntry("changes", "1").containsEntry("outsideQuietHours", "0");
    }

    @Test
    void one_that_was_rolled_back_in_time_keeps_it_too() {
        var end = new Change.End(NIGHT.plusSeconds(900), Change.Outcome.ROLLED_BACK, "unhealthy");
        var verdict = judge(change(NIGHT, "full-1", end));

        assertThat(verdict.holds()).isTrue();
        assertThat(verdict.facts()).containsEntry("rolledBack", "1");
    }

    @Test
    void a_change_by_day_breaks_it() {
        var noon = Instant.parse("2026-03-02T12:00:00Z");
        var verdict = judge(done(NIGHT, "full-1"), change(noon, "full-1", ended(noon.plusSeconds(60))));

        assertThat(verdict.holds()).isFalse();
        assertThat(verdict.facts()).containsEntry("changes", "2").containsEntry("outsideQuietHours", "1");
    }

    @Test
    void one_that_runs_past_the_hours_breaks_it_even_when_nobody_says_it_ended() {
        assertThat(judge(change(NIGHT, "full-1", ended(NIGHT.plus(Duration.ofHours(4)))))
                        .holds())
                .isFalse();
        assertThat(judge(change(NIGHT, "full-1", null)).holds()).isFalse();
        assertThat(rule.judge(List.of(change(NIGHT, "full-1", null)), this::completed, NIGHT.plusSeconds(60)))
                .hasValueSatisfying(verdict -> assertThat(verdict.holds()).isTrue());
    }

    @Test
    void a_backup_that_is_missing_unknown_later_or_old_breaks_it() {
        assertThat(judge(done(NIGHT, null)).facts()).containsEntry("withoutBackupBefore", "1");
        assertThat(judge(done(NIGHT, "made-up")).holds()).isFalse();
        assertThat(judge(done(NIGHT, "full-late")).holds()).isFalse();
        assertThat(judge(done(NIGHT, "full-old")).holds()).isFalse();
    }

    @Test
    void what_is_long_ago_no_longer_counts_unless_nothing_came_after() {
        var past = NIGHT.minus(Duration.ofDays(60));
        var bad = change(past, null, ended(past.plusSeconds(60)));

        assertThat(judge(done(NIGHT, "full-1"), bad).holds()).isTrue();
        assertThat(judge(bad).holds()).isFalse();
    }

    private ChangeRule.Verdict judge(Change... changes) {
        return rule.judge(List.of(changes), this::completed, NOW).orElseThrow();
    }

    private Optional<Instant> completed(String backup) {
        return Optional.ofNullable(BACKUPS.get(backup));
    }

    private static Change done(Instant begun, @Nullable String backup) {
        return change(begun, backup, ended(begun.plusSeconds(300)));
    }

    private static Change.End ended(Instant at) {
        return new Change.End(at, Change.Outcome.DONE, null);
    }

    private static Change change(Instant begun, @Nullable String backup, Change.@Nullable End end) {
        return new Change(
                UUID.randomUUID(), "platform", "1", "2", null, null, begun, backup, Actor.system("test"), end);
    }
}
