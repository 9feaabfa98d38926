package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.local.PortPlan.Use;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortPlanTest {

    @TempDir
    private Path folder;

    @Test
    void the_known_ports_are_the_usual_ones() {
        var plan = plan();

        assertThat(plan.of(Use.GATEWAY)).isEqualTo(8080);
        assertThat(plan.of(Use.KEYCLOAK)).isEqualTo(8081);
        assertThat(plan.of(Use.AZURITE)).isEqualTo(10000);
        assertThat(plan.of(Use.KAFKA)).isEqualTo(9092);
    }

    @Test
    void no_two_parts_get_the_same_port() {
        var ports = new HashSet<Integer>();

        for (var use : Use.values()) {
            assertThat(ports.add(plan("--port-base", "21000").of(use)))
                    .as(use.word())
                    .isTrue();
        }
    }

    @Test
    void a_port_once_chosen_stays_when_somebody_else_takes_it_for_a_while() throws Exception {
        var first = plan();
        first.write(folder.resolve("ports"));

        try (var _ = new ServerSocket(first.of(Use.POSTGRES), 1, InetAddress.getLoopbackAddress())) {
            for (var use : Use.values()) {
                assertThat(plan().of(use)).as(use.word()).isEqualTo(first.of(use));
            }
        }
    }

    @Test
    void a_new_port_for_one_part_leaves_the_others() {
        plan("--port-base", "21000").write(folder.resolve("ports"));

        var changed = plan("--kafka-port", "22000");

        assertThat(changed.of(Use.KAFKA)).isEqualTo(22000);
        assertThat(changed.of(Use.GATEWAY)).isEqualTo(21000);
    }

    @Test
    void a_port_for_two_is_refused_by_name() {
        assertThatThrownBy(() -> plan("--kafka-port", "8080"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("gateway")
                .hasMessageContaining("kafka");
    }

    @Test
    void nonsense_is_refused_with_what_was_written() throws Exception {
        assertThatThrownBy(() -> plan("--gateway-port", "80")).hasMessageContaining("--gateway-port is 80");
        Files.writeString(folder.resolve("ports"), "gateway=none\n");
        assertThatThrownBy(this::plan).hasMessageContaining("none");
    }

    private PortPlan plan(String... options) {
        var words = new String[options.length + 1];
        words[0] = "up";
        System.arraycopy(options, 0, words, 1, options.length);
        return PortPlan.read(folder.resolve("ports"), Arguments.parse(words));
    }
}
