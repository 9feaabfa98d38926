package dk.elleve.backup.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionTest {

    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Version OLD = version("old", true, 20);
    private static final Version NEWER = version("newer", true, 10);

    @Test
    void the_newest_is_the_current_one_wherever_it_stands_in_the_list() {
        assertThat(Version.current(List.of(NEWER, OLD), NOW)).hasValue(NEWER);
        assertThat(Version.current(List.of(OLD, NEWER), NOW)).hasValue(NEWER);
    }

    @Test
    void one_that_is_disabled_is_passed_over() {
        assertThat(Version.current(List.of(OLD, NEWER, version("off", false, 1)), NOW))
                .hasValue(NEWER);
    }

    @Test
    void one_that_does_not_count_yet_or_no_more_is_passed_over() {
        var soon = new Version("soon", true, NOW.minus(DAY), NOW.plus(DAY), null);
        var over = new Version("over", true, NOW.minus(DAY), null, NOW);

        assertThat(Version.current(List.of(OLD, soon, over), NOW)).hasValue(OLD);
        assertThat(Version.current(List.of(OLD, soon, over), NOW.plus(DAY))).hasValue(soon);
    }

    @Test
    void when_none_may_be_used_there_is_none() {
        assertThat(Version.current(List.of(), NOW)).isEmpty();
        assertThat(Version.current(List.of(version("off", false, 1)), NOW)).isEmpty();
    }

    private static Version version(String name, boolean enabled, int daysOld) {
        return new Version(name, enabled, NOW.minus(Duration.ofDays(daysOld)), null, null);
    }
}
