package dk.elleve.backup.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// What is said of all clusters from the newest measurements of each.
class StandingTest {

    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private static Measurement measured(boolean holds, int minute, String... facts) {
        var map = new HashMap<String, String>();
        for (int i = 0; i < facts.length; i += 2) {
            map.put(facts[i], facts[i + 1]);
        }
        return new Measurement(holds, NOON.plusSeconds(minute * 60L), map);
    }

    private static Standing cluster(String id, @Nullable Measurement newest) {
        return new Standing(id, "name-" + id, newest);
    }

    private static Optional<Measurement> together(String measured, Standing... all) {
        return Standing.together(measured, List.of(all));
    }

    @Test
    void of_one_cluster_alone_its_measurement_is_said_as_it_is() {
        var holds = measured(true, 1, "backup", "full-1");
        var fails = measured(false, 1, "age", "PT9D");

        assertThat(together("1", cluster("1", holds))).contains(holds);
        assertThat(together("1", cluster("1", fails))).contains(fails);
    }

    @Test
    void what_holds_for_all_holds_as_of_the_oldest_measurement() {
        var said = together(
                        "2",
                        cluster("1", measured(true, 1, "backup", "full-1")),
                        cluster("2", measured(true, 5, "backup", "full-2")))
                .orElseThrow();

        assertThat(said.holds()).isTrue();
        assertThat(said.at()).isEqualTo(NOON.plusSeconds(60));
        assertThat(said.facts()).isEqualTo(Map.of("backup", "full-2", "cluster", "name-2", "clusters", "2"));
    }

    @Test
    void nothing_is_said_to_hold_while_a_cluster_has_never_measured() {
        assertThat(together("1", cluster("1", measured(true, 1)), cluster("2", null)))
                .isEmpty();
    }

    @Test
    void a_failure_is_said_at_once_whoever_has_never_measured() {
        var said = together("1", cluster("1", measured(false, 1, "reason", "no space")), cluster("2", null))
                .orElseThrow();

        assertThat(said.holds()).isFalse();
        assertThat(said.facts()).containsEntry("clusters", "2").containsEntry("failing", "name-1: no space");
    }

    @Test
    void what_fails_for_one_fails_and_names_it_with_its_reason() {
        var said = together(
                        "1",
                        cluster("1", measured(true, 9, "drill", "drill-1")),
                        cluster("3", measured(false, 2, "limit", "PT5M", "age", "PT10M")),
                        cluster("2", measured(false, 1, "drill", "drill-2", "reason", "two tables differ")))
                .orElseThrow();

        assertThat(said.holds()).isFalse();
        assertThat(said.facts())
                .containsEntry("drill", "drill-1")
                .containsEntry("clusters", "3")
                .containsEntry("failing", "name-2: two tables differ; name-3: age PT10M, limit PT5M");
    }

    @Test
    void a_failure_is_newer_than_what_was_said_before_it_and_so_is_its_end() {
        var other = cluster("2", measured(true, 10));
        var before = together("1", cluster("1", measured(true, 1)), other).orElseThrow();
        var failure = together("1", cluster("1", measured(false, 5)), other).orElseThrow();
        var after = together("1", cluster("1", measured(true, 11)), other).orElseThrow();

        assertThat(before.at()).isBefore(failure.at());
        assertThat(failure.at()).isBefore(after.at());
        assertThat(after.holds()).isTrue();
    }

    @Test
    void the_answer_grows_old_with_a_cluster_whose_process_is_dead() {
        var dead = cluster("2", measured(true, 1));

        for (int minute = 2; minute < 9; minute++) {
            assertThat(together("1", cluster("1", measured(true, minute)), dead)
                            .orElseThrow()
                            .at())
                    .isEqualTo(NOON.plusSeconds(60));
        }
    }

    @Test
    void a_cluster_is_called_by_its_system_identifier_unless_it_is_given_a_name() {
        assertThat(named(Map.of()).name("42")).isEqualTo("42");
        assertThat(named(Map.of("elleve.backup.cluster-name", " ")).name("42")).isEqualTo("42");
        assertThat(named(Map.of("elleve.backup.cluster-name", "north")).name("42"))
                .isEqualTo("north");
        assertThatThrownBy(() -> named(Map.of("elleve.backup.cluster-name", "n".repeat(101))))
                .hasRootCauseMessage("elleve.backup.cluster-name has 101 characters, at most 100");
    }

    @Test
    void drills_are_set_up_where_the_programs_are() {
        assertThat(named(Map.of()).drills()).isFalse();
        assertThat(named(Map.of("elleve.backup.postgres.programs", "/usr/lib/postgresql/18/bin"))
                        .drills())
                .isTrue();
    }

    private static ClusterProperties named(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("elleve.backup", ClusterProperties.class);
    }
}
