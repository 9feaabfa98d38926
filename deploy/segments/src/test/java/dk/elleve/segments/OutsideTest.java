package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Somebody outside who is sent the log: an address is written down, and everything rendered opens
/// that and no more.
class OutsideTest {

    private static final String ADDRESS = "203.0.113.7";

    private final Declaration declaration = RenderedTest.declaration();

    @Test
    void as_it_comes_nothing_of_audit_leaves_the_house() {
        assertThat(declaration.openEgress(declaration.member("audit"))).isEmpty();
        assertThat(FirewallRules.render(declaration)).doesNotContain("egress");
        assertThat(NetworkPolicies.render(declaration)).doesNotContain("ipBlock");
    }

    @ParameterizedTest
    @CsvSource({
        "siem, siem.elleve.example, 6514",
        "log-timestamps, tsa.elleve.example, 443",
        "log-webhook, anchor.elleve.example, 443"
    })
    void an_address_that_is_written_down_opens_one_port_there_to_audit_and_nothing_else(
            String endpoint, String host, int port) throws IOException {
        var site = with(endpoint, host, port);

        // Kubernetes: audit's policy has a rule more, and no other policy differs.
        assertThat(added(NetworkPolicies.render(declaration), NetworkPolicies.render(site)))
                .containsExactly(
                        "    - to:",
                        "        - ipBlock:",
                        "            cidr: " + ADDRESS + "/32",
                        "      ports:",
                        "        - protocol: TCP",
                        "          port: " + port);
        assertThat(policy(NetworkPolicies.render(site), "audit")).contains("cidr: " + ADDRESS + "/32");

        // Containers: one rule accepts more, by the way out that audit has now and is alone on.
        assertThat(accepting(FirewallRules.render(site)))
                .containsAll(accepting(FirewallRules.render(declaration)))
                .hasSize(accepting(FirewallRules.render(declaration)).size() + 1)
                .contains("    oifname != @bridges ip saddr 10.83.159.31 ip daddr { " + ADDRESS + " } tcp dport " + port
                        + " counter accept comment \"audit->" + endpoint + ":" + port + "\"");
        var before = Networks.of(declaration);
        var networks = Networks.of(site);
        assertThat(networks.all())
                .containsAll(before.all())
                .hasSize(before.all().size() + 1);
        assertThat(networks.outside("audit").addresses()).isEqualTo(Map.of("audit", "10.83.159.31"));
        for (var member : site.members()) {
            var found = new HashSet<>(
                    ComposeFile.hosts(site, networks, member.name()).entrySet());
            found.removeAll(
                    ComposeFile.hosts(declaration, before, member.name()).entrySet());
            assertThat(found)
                    .as(member.name())
                    .isEqualTo(
                            member.name().equals("audit")
                                    ? Map.of(host, ADDRESS).entrySet()
                                    : new HashSet<>());
        }
    }

    /// The declaration as a site changes it: by hand, in one line of the file.
    private static Declaration with(String endpoint, String host, int port) throws IOException {
        var text = Files.readString(Path.of("segments.yaml"));
        var denied = "  %s:\n    host: %s\n    port: %d\n    addresses: ".formatted(endpoint, host, port);
        assertThat(text).containsOnlyOnce(denied + "[]");
        return DeclarationReader.read("segments.yaml", text.replace(denied + "[]", denied + "[" + ADDRESS + "]"));
    }

    /// What stands in the one and not in the other, where nothing else may differ.
    private static List<String> added(String before, String after) {
        var old = before.lines().toList();
        var now = after.lines().toList();
        int same = 0;
        while (same < old.size() && old.get(same).equals(now.get(same))) {
            same++;
        }
        var more = now.size() - old.size();
        assertThat(now.subList(same + more, now.size())).isEqualTo(old.subList(same, old.size()));
        return new ArrayList<>(now.subList(same, same + more));
    }

    private static String policy(String all, String member) {
        return List.of(all.split("---\n")).stream()
                .filter(policy -> policy.contains("\n  name: " + member + "\n"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> accepting(String rules) {
        return rules.lines().filter(line -> line.contains(" accept comment ")).toList();
    }
}
