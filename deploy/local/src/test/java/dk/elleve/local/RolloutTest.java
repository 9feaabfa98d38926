package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutTest {

    @Test
    void the_backup_before_an_update_is_a_full_one_unless_somebody_says_otherwise() {
        assertThat(Rollout.backupKind(Map.of())).isEqualTo("full");
        assertThat(Rollout.backupKind(Map.of("--backup", "incremental"))).isEqualTo("incremental");
    }

    @Test
    void another_kind_of_backup_is_refused_with_what_was_written() {
        assertThatThrownBy(() -> Rollout.backupKind(Map.of("--backup", "none")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("not none");
    }
}
