package dk.elleve.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dk.elleve.kit.test.part.ProjectRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The declared members, held against what runs.
class SegmentsTest {

    private static final String NAMES = "dk.elleve.kubernetes.Overlay#names";

    /// Azure's own blob storage and a relay take their place.
    private static final Map<String, Set<String>> REPLACED =
            Map.of("local", Set.of(), "azure-westeurope", Set.of("azurite", "mail"));

    /// Run by operators, under labels they are told.
    private static final Map<String, String> OPERATED = Map.of("postgres", "Cluster", "kafka", "Kafka");

    @ParameterizedTest
    @MethodSource(NAMES)
    void every_member_runs_and_nothing_runs_that_is_no_member(String name) throws IOException {
        var overlay = Overlay.rendered(name);
        var running = overlay.workloads().stream().map(Manifest::member).collect(Collectors.toCollection(TreeSet::new));
        OPERATED.forEach((member, kind) -> {
            overlay.one(kind, member);
            running.add(member);
        });

        var wanted = new TreeSet<>(members().keySet());
        wanted.removeAll(REPLACED.get(name));
        assertThat(running).isEqualTo(wanted);
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void a_member_listens_on_the_ports_that_are_declared(String name) throws IOException {
        var overlay = Overlay.rendered(name);
        var members = members();

        for (var workload : overlay.workloads()) {
            var listening = workload.containers().stream()
                    .flatMap(container -> Manifest.each(container.path("ports")))
                    .map(port -> port.path("containerPort").asInt())
                    .collect(Collectors.toCollection(TreeSet::new));
            // Instances of Keycloak speak to each other: deploy/kubernetes/base/network.yaml.
            listening.remove(7800);
            assertThat(listening).as(workload.toString()).isEqualTo(members.get(workload.member()));
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void pods_carry_the_label_that_their_policy_looks_for(String name) throws IOException {
        var overlay = Overlay.rendered(name);
        var policies =
                overlay.all("NetworkPolicy").stream().collect(Collectors.toMap(Manifest::name, policy -> policy));

        assertThat(policies.get("default-deny").body().at("/spec/podSelector").isEmpty())
                .isTrue();
        assertThat(policies.get("default-deny").body().at("/spec/policyTypes").toString())
                .isEqualTo("[\"Ingress\",\"Egress\"]");
        for (var member : members().keySet()) {
            assertThat(policies.get(member).body().at("/spec/podSelector/matchLabels/app.kubernetes.io~1name"))
                    .as(member)
                    .hasToString("\"" + member + "\"");
        }
        for (var workload : overlay.workloads()) {
            assertThat(labels(workload).path("app.kubernetes.io/name").asText()).isEqualTo(workload.member());
        }
        assertThat(overlay.one("Cluster", "postgres")
                        .body()
                        .at("/spec/inheritedMetadata/labels/app.kubernetes.io~1name")
                        .asText())
                .isEqualTo("postgres");
    }

    private static JsonNode labels(Manifest workload) {
        return Stream.of("/spec/template/metadata/labels", "/spec/jobTemplate/spec/template/metadata/labels")
                .map(workload.body()::at)
                .filter(node -> !node.isMissingNode())
                .findFirst()
                .orElseThrow();
    }

    /// The ports of each.
    private static Map<String, Set<Integer>> members() throws IOException {
        var file = ProjectRoot.find().resolve("deploy/segments/segments.yaml");
        var members = new TreeMap<String, Set<Integer>>();
        Manifest.parse("segments.yaml", Files.readString(file))
                .getFirst()
                .body()
                .path("members")
                .properties()
                .forEach(member -> {
                    var ports = new TreeSet<Integer>();
                    member.getValue()
                            .path("ports")
                            .fieldNames()
                            .forEachRemaining(port -> ports.add(Integer.valueOf(port)));
                    members.put(member.getKey(), ports);
                });
        return members;
    }
}
