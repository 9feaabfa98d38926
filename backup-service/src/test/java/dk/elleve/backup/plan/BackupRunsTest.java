package dk.elleve.backup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.catalogue.Run;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BackupRunsTest {

    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private static Run run(String id, String kind) {
        return new Run(
                id,
                "42",
                kind,
                Run.State.RUNNING,
                "requested",
                NOON,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                0,
                null,
                1,
                null,
                null,
                null);
    }

    @Test
    void an_incremental_backup_stands_on_the_newest_full_one_that_nothing_was_found_wrong_with() {
        var whole = Optional.of(run("whole", Manifest.FULL));

        assertThat(BackupRuns.base(run("new", Manifest.INCREMENTAL), whole)).isEqualTo("whole");
        assertThat(BackupRuns.base(run("new", Manifest.FULL), whole)).isNull();
        assertThat(BackupRuns.base(run("new", Manifest.FULL), Optional.empty())).isNull();
    }

    /// The vault still holds one, but the catalogue knows that it is damaged.
    @Test
    void when_the_last_full_backup_was_found_damaged_an_incremental_one_is_not_taken() {
        assertThatThrownBy(() -> BackupRuns.base(run("new", Manifest.INCREMENTAL), Optional.empty()))
                .hasMessageContaining("a full one is needed first");
    }
}
