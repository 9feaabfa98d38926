package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.segments.Prober.Outcome;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuredTest {

    private static final Declaration SMALL = DeclarationReaderTest.small();

    static Measured measured(List<String> differences, List<String> drift) {
        return new Measured(
                "r",
                "d",
                Instant.parse("2026-03-01T09:00:00Z"),
                LocalDate.of(2026, 2, 1),
                List.of("door"),
                List.of("base"),
                2,
                1,
                40,
                1,
                1,
                differences,
                drift);
    }

    @Test
    void what_can_be_reached_and_what_was_seen_are_two_claims() {
        var evidence =
                measured(List.of(), List.of("tried and dropped: base->door:22")).evidence();

        assertThat(evidence).extracting("claim").containsExactly("network.reachability", "network.diagram");
        assertThat(evidence).extracting("holds").containsExactly(true, false);
        assertThat(evidence.get(0).facts())
                .containsEntry("not-running", "base")
                .containsEntry("probes", "40")
                .containsEntry("differences", "0");
        assertThat(evidence.get(1).facts())
                .containsEntry("changed", "2026-02-01")
                .containsEntry("drift", "1")
                .containsEntry("drift-named", "tried and dropped: base->door:22");
    }

    @Test
    void many_differences_are_counted_and_the_first_are_named() {
        var many = IntStream.range(0, 300).mapToObj(i -> "difference " + i).toList();

        var facts = measured(many, List.of()).evidence().getFirst().facts();

        assertThat(facts).containsEntry("differences", "300");
        assertThat(facts.get("differences-named"))
                .startsWith("difference 0; ")
                .endsWith("; \u2026")
                .hasSizeLessThan(200);
    }

    @Test
    void the_matrix_shows_who_reaches_whom_and_what_is_wrong() {
        var networks = Networks.of(SMALL);
        var seen = SMALL.members().stream()
                .flatMap(member -> Probe.from(SMALL, networks, member).stream())
                .map(probe -> probe.saw(probe.allowed() ? Outcome.OPEN : Outcome.SILENT))
                .toList();

        var fine = new Matrix(SMALL, Set.of("door", "base"), seen);

        assertThat(fine.differences()).isEmpty();
        assertThat(fine.open()).isEqualTo(1);
        assertThat(fine.text()).startsWith("""
                   a b
              door   \u25cf
              base \u00b7\s\s
            """);
        var turned = new Matrix(
                SMALL,
                Set.of("door", "base"),
                seen.stream()
                        .map(each ->
                                each.probe().saw(each.outcome() == Outcome.OPEN ? Outcome.REFUSED : each.outcome()))
                        .toList());
        assertThat(turned.differences())
                .containsExactly("door->base:5432 (10.9.12.12) is declared, but nobody listens");
        assertThat(turned.text()).contains("door   \u2717");
        assertThat(new Matrix(SMALL, Set.of("door"), List.of()).text()).contains("door   -");
    }

    @Test
    void a_closed_port_that_answers_is_wrong_even_where_nobody_listens() {
        var probe = new Probe("base", "door", new Prober.Target("10.9.12.11", 22), false);

        assertThat(probe.saw(Outcome.SILENT).wrong()).isFalse();
        assertThat(probe.saw(Outcome.UNREACHABLE).wrong()).isFalse();
        assertThat(probe.saw(Outcome.REFUSED).text())
                .isEqualTo("base->door:22 (10.9.12.11) is not declared, but gets through (nobody listens there)");
        assertThat(probe.saw(Outcome.OPEN).wrong()).isTrue();
        assertThat(ComposeCheck.parse(ComposeCheck.line(probe.saw(Outcome.OPEN))))
                .isEqualTo(probe.saw(Outcome.OPEN));
    }
}
