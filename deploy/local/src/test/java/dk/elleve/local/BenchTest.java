package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.local.Bench.Measure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchTest {

    @TempDir
    private Path folder;

    @Test
    void a_measure_is_one_json_object_with_the_names_that_readers_rely_on() {
        assertThat(new Measure("import", 1234.567, 4938.268, "rows/s").json())
                .isEqualTo(
                        "{\"name\":\"import\",\"ours\":1234.57,\"peer\":4938.27,\"ratio\":0.25,\"unit\":\"rows/s\"}");
    }

    @Test
    void a_person_sees_small_numbers_with_their_decimals_and_large_ones_with_their_thousands() {
        assertThat(new Measure("audit.proof", 0.4321, 1234.5, "ms").line())
                .isEqualTo("  audit.proof         ours 0.432 ms, peer 1,234.5 ms: 0.00 of it");
    }

    @Test
    void without_a_name_the_benchmarks_are_listed_and_an_unknown_one_is_refused_with_the_list() {
        var shown = new ByteArrayOutputStream();
        var house = Installation.of(Arguments.parse("bench", "--dir", folder.toString()));
        var bench = new Bench(house, new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8)));

        assertThat(bench.run(List.of())).isZero();

        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("import", "find", "audit", "audit.failover");
        assertThatThrownBy(() -> bench.run(List.of("speed")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("speed")
                .hasMessageContaining("import, find");
    }

    @Test
    void where_there_was_no_peer_nothing_is_said_of_one() {
        var alone = new Measure("backup.lag", 1546.6, Double.NaN, "ms");

        assertThat(alone.line()).isEqualTo("  backup.lag          ours 1,546.6 ms");
        assertThat(alone.json()).isEqualTo("{\"name\":\"backup.lag\",\"ours\":1546.6,\"unit\":\"ms\"}");
    }

    @Test
    void an_option_that_a_benchmark_does_not_know_or_cannot_read_is_refused_before_anything_starts() {
        var house = Installation.of(Arguments.parse("bench", "--dir", folder.toString()));
        var bench = new Bench(house, new Screen(System.out));

        assertThatThrownBy(() -> bench.run(List.of("backup", "--speed", "9")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--speed");
        assertThatThrownBy(() -> bench.run(List.of("backup", "--filler=none")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("blank or random");
        assertThatThrownBy(() -> bench.run(List.of("audit", "--scale", "9")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--scale");
    }
}
