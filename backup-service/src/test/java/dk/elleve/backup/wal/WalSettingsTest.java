package dk.elleve.backup.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WalSettingsTest {

    @Test
    void much_waits_for_a_second_and_little_for_five() {
        assertThat(WalSettings.DEFAULTS.partAge(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(WalSettings.DEFAULTS.partAge((1 << 20) - 1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(WalSettings.DEFAULTS.partAge(1 << 20)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void nothing_waits_longer_than_it_was_told_to() {
        var eager = new WalSettings("slot", Duration.ofMillis(300), 1 << 20, Duration.ofSeconds(5));

        assertThat(eager.partAge(1 << 20)).isEqualTo(Duration.ofMillis(300));
    }
}
