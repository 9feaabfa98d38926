package dk.elleve.breach.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Finding;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.problem.Problem;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IncidentTest {

    static final Instant T0 = Instant.parse("2026-11-20T13:30:00Z");

    final Incident open = new Incident(
            "breach-1",
            null,
            "wal-gap",
            null,
            Finding.Severity.MEDIUM,
            Incident.State.OPEN,
            "cluster/1",
            "key",
            T0,
            null,
            T0,
            T0,
            1,
            JsonAutoConfiguration.mapper().createObjectNode(),
            null,
            null,
            null,
            1);

    @Test
    void a_further_finding_raises_the_severity_and_never_lowers_it() {
        assertThat(open.grown(finding(Finding.Severity.HIGH), T0).severity()).isEqualTo(Finding.Severity.HIGH);
        var grown = open.grown(finding(Finding.Severity.LOW), T0.plusSeconds(5));
        assertThat(grown.severity()).isEqualTo(Finding.Severity.MEDIUM);
        assertThat(grown.findings()).isEqualTo(2);
        assertThat(grown.awareAt()).as("the clock counts from the first").isEqualTo(T0);
        assertThat(grown.version()).isEqualTo(2);
    }

    @Test
    void a_decision_ends_the_joining_of_findings() {
        assertThat(open.decided(decision(true, true)).attachKey()).isNull();
    }

    @Test
    void a_decision_stands_as_long_as_the_advice_asks_for_no_more() {
        var decided = open.decided(decision(true, false));
        assertThat(decided.withFacts(open.facts(), true, false).state()).isEqualTo(Incident.State.DECIDED);
        assertThat(decided.withFacts(open.facts(), false, false).decision()).isNotNull();
        var reopened = decided.withFacts(open.facts(), true, true);
        assertThat(reopened.state()).isEqualTo(Incident.State.ASSESSED);
        assertThat(reopened.decision()).isNull();
    }

    @Test
    void the_clock_runs_until_the_authority_is_told_or_need_not_be() {
        assertThat(open.clockRuns()).isTrue();
        assertThat(open.decided(decision(true, false)).clockRuns()).isTrue();
        var spared = open.decided(decision(false, false));
        assertThat(spared.clockRuns()).isFalse();
        assertThat(spared.clockStoppedAt()).isEqualTo(T0.plusSeconds(60));
        var told = open.toldAuthority(T0.plusSeconds(90)).toldAuthority(T0.plusSeconds(120));
        assertThat(told.clockRuns()).isFalse();
        assertThat(told.clockStoppedAt()).isEqualTo(T0.plusSeconds(90));
    }

    @Test
    void a_case_closes_only_when_it_is_decided_and_everybody_was_told() {
        var end = new Incident.Closure("none", "none", T0, "dpo");
        assertThatThrownBy(() -> open.closed(end))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.kind().code()).isEqualTo("breach-not-decided"));
        var decided = open.decided(decision(true, false));
        assertThatThrownBy(() -> decided.closed(end))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.kind().code()).isEqualTo("notices-outstanding"));
        var closed = decided.notified().closed(end);
        assertThat(closed.state()).isEqualTo(Incident.State.CLOSED);
        assertThat(open.decided(decision(false, false)).closed(end).state()).isEqualTo(Incident.State.CLOSED);
        assertThatThrownBy(() -> closed.decided(decision(true, true))).isInstanceOf(Problem.class);
    }

    private static Decision decision(boolean authority, boolean subjects) {
        return new Decision(authority, subjects, "because", T0.plusSeconds(60), "dpo");
    }

    private static Finding finding(Finding.Severity severity) {
        return new Finding("f", "wal-gap", severity, null, T0, null, "cluster/1", Map.of());
    }
}
