package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DrillRecordTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private static DrillRecord drill(DrillRecord.State state) {
        return new DrillRecord(
                "d-1",
                "42",
                state,
                "scheduled",
                ComparedWith.SOURCE,
                NOON,
                1,
                NOON,
                NOON,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void a_drill_that_passed_is_a_proof_until_it_is_too_old() {
        var passed = drill(DrillRecord.State.PASSED);

        assertThat(passed.proves(NOON.plus(WEEK), WEEK)).isTrue();
        assertThat(passed.proves(NOON.plus(WEEK).plusSeconds(1), WEEK)).isFalse();
    }

    @Test
    void a_drill_that_failed_is_none_however_young() {
        assertThat(drill(DrillRecord.State.FAILED).proves(NOON, WEEK)).isFalse();
    }
}
