package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class NetworksTest {

    private final Declaration declaration = RenderedTest.declaration();
    private final Networks networks = Networks.of(declaration);

    @Test
    void a_server_shares_its_network_with_its_clients_and_nobody_else() {
        assertThat(networks.serving("azurite").addresses().keySet())
                .containsExactly("azurite", "tenant-data", "audit", "backup");
        for (var network : networks.all()) {
            for (var member : network.addresses().keySet()) {
                assertThat(member.equals(network.owner())
                                || declaration.allows(member, declaration.member(network.owner())))
                        .as("%s on %s", member, network.name())
                        .isTrue();
            }
        }
    }

    @Test
    void whoever_is_reached_from_outside_is_alone_there_and_nothing_leaves_by_it() {
        var outside = networks.all().stream().filter(Networks.Network::outside).toList();

        assertThat(outside)
                .extracting(Networks.Network::owner)
                .containsExactly("gateway", "keycloak", "mail", "grafana");
        assertThat(outside).allSatisfy(network -> {
            assertThat(network.addresses()).hasSize(1);
            assertThat(network.masquerade()).isFalse();
        });
    }

    @Test
    void whoever_may_leave_has_a_way_out_of_its_own() {
        var small = Networks.of(DeclarationReaderTest.small());

        assertThat(small.outside("base").masquerade()).isTrue();
        assertThat(small.outside("door").masquerade()).isFalse();
        assertThat(small.serving("base").addresses()).isEqualTo(Map.of("base", "10.9.12.12", "door", "10.9.12.11"));
    }

    @Test
    void names_fit_the_kernel_and_no_two_networks_or_members_share_an_address() {
        var addresses = networks.all().stream()
                .flatMap(network -> network.addresses().values().stream())
                .toList();

        assertThat(networks.all())
                .allSatisfy(network -> assertThat(network.bridge()).hasSizeLessThan(16));
        assertThat(new HashSet<>(addresses)).hasSameSizeAs(addresses);
        assertThat(networks.all()).extracting(Networks.Network::subnet).doesNotHaveDuplicates();
        assertThat(networks.whose("10.83.61.11")).contains("gateway");
        assertThat(networks.whose("10.83.61.1")).contains(Probe.HOST);
        assertThat(networks.whose("10.83.61.12")).isEmpty();
    }

    @Test
    void a_member_finds_whom_it_may_talk_to_where_it_is_open_and_nobody_else() {
        assertThat(ComposeFile.hosts(declaration, networks, "keycloak"))
                .isEqualTo(Map.of("mail", "10.83.91.91", "postgres", "10.83.51.51"));
        var small = DeclarationReaderTest.small();
        assertThat(ComposeFile.hosts(small, Networks.of(small), "base"))
                .isEqualTo(Map.of("vault.example.net", "10.40.1.4"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void compose_gets_every_member_with_fixed_addresses_and_internal_networks_but_for_the_published() {
        Map<String, Map<String, Map<String, Object>>> compose =
                new Yaml(new SafeConstructor(new LoaderOptions())).load(ComposeFile.render(declaration));

        assertThat(compose.get("services").keySet())
                .containsExactlyElementsOf(declaration.members().stream()
                        .map(Declaration.Member::name)
                        .toList());
        assertThat(compose.get("services").get("setup").get("networks"))
                .isEqualTo(Map.of("postgres", Map.of("ipv4_address", "10.83.51.111")));
        var kafka = compose.get("networks").get("kafka");
        assertThat(kafka.get("internal")).isEqualTo(true);
        assertThat(kafka.get("driver_opts")).isEqualTo(Map.of("com.docker.network.bridge.name", "el-kafka"));
        assertThat(kafka.get("ipam"))
                .isEqualTo(Map.of("config", List.of(Map.of("subnet", "10.83.61.0/24", "gateway", "10.83.61.1"))));
        var door = compose.get("networks").get("outside-gateway");
        assertThat(door).doesNotContainKey("internal");
        assertThat((Map<String, Object>) door.get("driver_opts"))
                .containsEntry("com.docker.network.bridge.enable_ip_masquerade", "false");
    }
}
