package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.local.HealthGate.Verdict;
import dk.elleve.local.RolloutSteps.Outcome;
import dk.elleve.local.RolloutSteps.Result;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RolloutStepsTest {

    /// Does what it is told, and remembers; what is broken does not work.
    private static final class Services implements RolloutSteps.Stack {

        private final Map<String, String> running = new LinkedHashMap<>();
        private final List<String> done = new ArrayList<>();
        private final Set<String> broken = new HashSet<>();
        private final Set<String> missing = new HashSet<>();

        Services() {
            RolloutSteps.ORDER.forEach(service -> running.put(service, "1"));
        }

        @Override
        public void bring(String service, String tag) {
            if (missing.contains(service + ":" + tag)) {
                throw new Refusal("no such image");
            }
            running.put(service, tag);
            done.add(service + ":" + tag);
        }

        @Override
        public Verdict watch(String service) {
            return broken.contains(service + ":" + running.get(service))
                    ? new Verdict.Back("errors", "it fails")
                    : new Verdict.Stay();
        }
    }

    private final Services services = new Services();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final RolloutSteps steps = new RolloutSteps(services, new Screen(new PrintStream(said, true)));

    @Test
    void an_update_changes_one_service_after_the_other_and_the_door_last() {
        var result = steps.run(Map.copyOf(services.running), "2");

        assertThat(result).isEqualTo(new Result(Outcome.DONE, null));
        assertThat(services.done)
                .containsExactly("audit:2", "breach:2", "tenant-data:2", "identity:2", "backup:2", "gateway:2");
    }

    @Test
    void one_that_does_not_work_takes_back_all_that_were_changed_the_last_first() {
        services.broken.add("tenant-data:2");

        var result = steps.run(Map.copyOf(services.running), "2");

        assertThat(result).isEqualTo(new Result(Outcome.ROLLED_BACK, "tenant-data-errors"));
        assertThat(services.done)
                .containsExactly("audit:2", "breach:2", "tenant-data:2", "tenant-data:1", "breach:1", "audit:1");
        assertThat(services.running.values()).containsOnly("1");
    }

    @Test
    void an_image_that_cannot_be_started_is_taken_back_too() {
        services.missing.add("breach:2");

        var result = steps.run(Map.copyOf(services.running), "2");

        assertThat(result).isEqualTo(new Result(Outcome.ROLLED_BACK, "breach-not-started"));
        assertThat(services.running.values()).containsOnly("1");
    }

    @Test
    void a_way_back_that_fails_as_well_is_a_failure_and_goes_on_with_the_others() {
        services.broken.addAll(Set.of("identity:2", "breach:1"));

        var result = steps.run(Map.copyOf(services.running), "2");

        assertThat(result).isEqualTo(new Result(Outcome.FAILED, "identity-errors"));
        assertThat(services.done).endsWith("identity:1", "tenant-data:1", "breach:1", "audit:1");
        assertThat(said.toString()).contains("does not work either");
    }

    @Test
    void a_second_run_goes_on_where_the_first_was_cut_off() {
        Stream.of("audit", "breach").forEach(service -> services.running.put(service, "2"));

        var result = steps.run(Map.copyOf(services.running), "2");

        assertThat(result.outcome()).isEqualTo(Outcome.DONE);
        assertThat(services.done).containsExactly("tenant-data:2", "identity:2", "backup:2", "gateway:2");
    }

    @Test
    void a_service_that_is_not_there_stops_it_before_anything_is_changed() {
        assertThatThrownBy(() -> steps.run(Map.of(), "2")).isInstanceOf(Refusal.class);
        assertThat(services.done).isEmpty();
    }
}
