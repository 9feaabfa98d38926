package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dk.elleve.local.Observability.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The files of `deploy/prometheus`, as Prometheus' own tool sees them, and the runbooks beside them.
class AlertRulesTest {

    @Test
    void prometheus_accepts_its_configuration_and_every_rule() {
        assertThat(promtool("check", "config", "prometheus.yml")).contains("SUCCESS");
        assertThat(promtool(withFiles(List.of("check", "rules"), "rules"))).contains("SUCCESS");
    }

    @Test
    void every_alert_rings_when_it_should_and_is_quiet_when_it_should_be() {
        promtool(withFiles(List.of("test", "rules"), "tests"));
    }

    @Test
    void every_alert_says_how_bad_it_is_and_where_its_runbook_lies_and_has_both_tests() {
        var tests = new HashSet<String>();
        for (var file : Observability.files(Observability.PROMETHEUS.resolve("tests"), ".yml")) {
            for (var test : Observability.maps(Observability.yaml(file).get("tests"))) {
                var name = String.valueOf(test.get("name"));
                var looks = Observability.maps(test.get("promql_expr_test")).getFirst();
                var expects = Observability.maps(looks.get("exp_samples"));
                assertThat(String.valueOf(looks.get("expr"))).contains('"' + name.split(" ", 2)[0] + '"');
                assertThat(expects).as(name).hasSize(name.endsWith(" rings") ? 1 : 0);
                tests.add(name);
            }
        }

        for (var alert : alerts()) {
            var name = alert.name();
            assertThat(Observability.map(alert.whole().get("labels")).get("severity"))
                    .as("severity of " + name)
                    .isIn("critical", "warning");
            assertThat(Observability.map(alert.whole().get("annotations")))
                    .as("annotations of " + name)
                    .containsKey("summary")
                    .containsEntry("runbook_url", "deploy/runbooks/" + name + ".md");
            assertThat(Observability.RUNBOOKS.resolve(name + ".md"))
                    .content()
                    .startsWith("# " + name + "\n")
                    .contains("## What it means", "## How to look", "## What to do");
            assertThat(tests).contains(name + " rings", name + " is quiet");
        }
    }

    @Test
    void every_runbook_belongs_to_an_alert() {
        var names = alerts().stream().map(alert -> alert.name() + ".md").collect(Collectors.toSet());
        names.add("README.md");

        assertThat(Observability.files(Observability.RUNBOOKS, ".md"))
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(names);
    }

    @Test
    void every_route_of_the_alertmanager_ends_at_a_mailbox() {
        var config = Observability.yaml(Observability.PROMETHEUS.resolve("alertmanager.yml"));
        var receivers = Observability.maps(config.get("receivers")).stream()
                .filter(receiver ->
                        !Observability.maps(receiver.get("email_configs")).isEmpty())
                .map(receiver -> receiver.get("name"))
                .toList();
        var route = Observability.map(config.get("route"));
        var used = new ArrayList<Object>(List.of(route.get("receiver")));
        Observability.maps(route.get("routes")).forEach(each -> used.add(each.get("receiver")));

        assertThat(used).isNotEmpty();
        assertThat(receivers).containsAll(used);
        assertThat(Observability.map(config.get("global")).get("smtp_smarthost"))
                .isEqualTo("mail:1025");
    }

    @Test
    void the_names_of_metrics_are_found_in_an_expression() {
        assertThat(Observability.metrics("""
                        sum by (service, le) (rate(a_bucket{uri!~"/x.*", le="c"}[5m]))
                        / on (service) group_left (x) (b:c:d > 0 or vector(0)) and max(e_f) offset 5m
                        """)).containsExactly("a_bucket", "b:c:d", "e_f");
    }

    private static List<Rule> alerts() {
        var alerts = Observability.rules().stream().filter(Rule::alert).toList();
        assertThat(alerts).hasSizeGreaterThan(40);
        return alerts;
    }

    private static List<String> withFiles(List<String> words, String folder) {
        var all = new ArrayList<>(words);
        Observability.files(Observability.PROMETHEUS.resolve(folder), ".yml").forEach(file -> all.add(file.toString()));
        return all;
    }

    private static String promtool(String... words) {
        return promtool(List.of(words));
    }

    /// Runs it beside the configuration; anything but success fails with what it says.
    private static String promtool(List<String> words) {
        if (!Files.isExecutable(Path.of("/usr/bin/promtool"))) {
            abort("promtool is not installed (Debian: apt-get install prometheus)");
        }
        var command = new ArrayList<>(List.of("/usr/bin/promtool"));
        command.addAll(words);
        var said = new ByteArrayOutputStream();
        int code = Programs.run(command, Observability.PROMETHEUS, said);
        assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
        return said.toString(StandardCharsets.UTF_8);
    }
}
