package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// Reads the policies as Kubernetes does: a connection is open when the client's policies let it
/// out and the server's let it in.
@SuppressWarnings("unchecked")
class NetworkPoliciesTest {

    private final Declaration declaration = RenderedTest.declaration();

    @Test
    void exactly_the_declared_connections_are_open_both_ways() {
        var policies = policies(declaration);
        var open = new TreeSet<String>();
        for (var client : declaration.members()) {
            for (var server : declaration.members()) {
                for (int port : declaration.ports()) {
                    if (opens(policies, client.name(), "egress", "to", server.name(), port)
                            && opens(policies, server.name(), "ingress", "from", client.name(), port)) {
                        open.add(new Declaration.Flow(client.name(), server.name(), port, "").text());
                    }
                }
            }
        }

        assertThat(open)
                .containsExactlyInAnyOrderElementsOf(declaration.inside().stream()
                        .map(Declaration.Flow::text)
                        .toList());
    }

    @Test
    void neither_side_says_more_than_the_other() {
        var policies = policies(declaration);
        for (var client : declaration.members()) {
            for (var server : declaration.members()) {
                for (int port : declaration.ports()) {
                    assertThat(opens(policies, client.name(), "egress", "to", server.name(), port))
                            .as("%s -> %s:%s", client.name(), server.name(), port)
                            .isEqualTo(opens(policies, server.name(), "ingress", "from", client.name(), port));
                }
            }
        }
    }

    @Test
    void everybody_is_denied_by_default_and_may_ask_for_names() {
        var policies = policies(declaration);

        assertThat(policies).hasSize(declaration.members().size() + 2);
        assertThat(spec(policies.getFirst()))
                .isEqualTo(Map.of("podSelector", Map.of(), "policyTypes", List.of("Ingress", "Egress")));
        assertThat(policies.get(1).toString()).contains("kube-dns", "port=53");
        assertThat(policies)
                .allSatisfy(policy ->
                        assertThat((Map<String, Object>) policy.get("metadata")).containsEntry("namespace", "elleve"));
    }

    @Test
    void the_outside_is_the_namespace_that_says_so_and_an_endpoint_is_its_address() {
        var gateway = policies(declaration).stream()
                .filter(policy -> policy.toString().contains("name=gateway, namespace"))
                .findFirst()
                .orElseThrow();
        assertThat(gateway.toString()).contains("namespaceSelector={matchLabels={elleve.dk/outside=true}}");
        var small = policies(DeclarationReaderTest.small()).toString();
        assertThat(small).contains("egress=[{to=[{ipBlock={cidr=10.40.1.4/32}}], ports=[{protocol=TCP, port=443}]}]");
    }

    private static List<Map<String, Object>> policies(Declaration declaration) {
        var all = new ArrayList<Map<String, Object>>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(NetworkPolicies.render(declaration))
                .forEach(policy -> all.add((Map<String, Object>) policy));
        return all;
    }

    private static Map<String, Object> spec(Map<String, Object> policy) {
        return (Map<String, Object>) policy.get("spec");
    }

    private static boolean opens(
            List<Map<String, Object>> policies, String of, String direction, String word, String other, int port) {
        var own = Map.of("matchLabels", Map.of("app.kubernetes.io/name", of));
        var peer = Map.of("podSelector", Map.of("matchLabels", Map.of("app.kubernetes.io/name", other)));
        return policies.stream()
                .map(NetworkPoliciesTest::spec)
                .filter(spec -> spec.get("podSelector").equals(own))
                .flatMap(spec -> ((List<Map<String, Object>>) spec.getOrDefault(direction, List.of())).stream())
                .anyMatch(rule -> ((List<Object>) rule.get(word)).contains(peer)
                        && ((List<Object>) rule.get("ports")).contains(Map.of("protocol", "TCP", "port", port)));
    }
}
