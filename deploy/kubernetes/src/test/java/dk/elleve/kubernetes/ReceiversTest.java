package dk.elleve.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who outside is sent the log: nobody, until a place says who. `deploy/receivers`
class ReceiversTest {

    private static final String NAMES = "dk.elleve.kubernetes.Overlay#names";

    private static final String RECEIVERS = "audit-receivers";

    @ParameterizedTest
    @MethodSource(NAMES)
    void nobody_is_sent_the_log_unless_a_place_says_who(String name) {
        var overlay = Overlay.rendered(name);

        for (var service : Service.values()) {
            assertThat(overlay.settings(service.label()).keySet())
                    .as(service.label())
                    .hasSizeGreaterThan(20)
                    .noneMatch(setting -> setting.startsWith("elleve.audit.siem")
                            || setting.startsWith("elleve.audit.second-anchor")
                            || setting.equals("elleve.residency.regions.siem"));
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void only_audit_sees_who_is_sent_the_log_and_may_not_change_it(String name) {
        var overlay = Overlay.rendered(name);

        assertThat(overlay.workloads().stream()
                        .filter(workload -> workload.body().toString().contains(RECEIVERS))
                        .map(Manifest::name))
                .containsExactly("audit");
        var audit = overlay.workload("audit");
        assertThat(Manifest.each(audit.containers().getFirst().path("volumeMounts"))
                        .filter(mount -> mount.path("name").asText().equals("receivers")))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.path("mountPath").asText()).isEqualTo("/run/elleve/receivers");
                    assertThat(mount.path("readOnly").asBoolean()).isTrue();
                });
        var files = Manifest.each(audit.pod().orElseThrow().path("volumes"))
                .filter(volume -> volume.path("name").asText().equals("receivers"))
                .flatMap(volume -> Manifest.each(volume.at("/projected/sources")))
                .toList();
        assertThat(files).hasSize(2);
        assertThat(files.get(0).at("/configMap/name").asText()).startsWith(RECEIVERS + "-");
        assertThat(files.get(1).at("/secret/name").asText()).isEqualTo(RECEIVERS);
        assertThat(files.get(1).at("/secret/optional").asBoolean())
                .as("no certificate is needed where nobody is sent anything")
                .isTrue();
    }

    @Test
    void a_place_that_says_who_is_sent_the_log_tells_audit_and_changes_nothing_else() throws IOException {
        var before = Overlay.rendered("local");
        var after = Overlay.withReceivers();

        assertThat(new StrictReader().read(after.manifests())).isEmpty();
        assertThat(after.settings("audit")).containsAllEntriesOf(example());
        for (var service : Service.values()) {
            if (service != Service.AUDIT) {
                assertThat(after.settings(service.label())).isEqualTo(before.settings(service.label()));
            }
        }
        // Other settings are another name of their ConfigMap, and so the pods are new ones.
        assertThat(without(after)).isEqualTo(without(before));
        assertThat(name(after)).isNotEqualTo(name(before));
    }

    @Test
    void every_setting_that_the_example_shows_has_a_reader() throws IOException {
        var known = KnownSettings.collect();

        assertThat(example().keySet()).hasSizeGreaterThan(10).allMatch(known::knows);
        assertThat(known.knows("elleve.audit.siem[0].certificates")).isFalse();
        assertThat(known.knows("elleve.audit.siem.host")).isFalse();
    }

    /// What stands commented out in the file that comes with the platform.
    private static TreeMap<String, String> example() throws IOException {
        var text = Files.readString(ProjectRoot.find().resolve("deploy/receivers/receivers.properties"));
        var properties = new Properties();
        properties.load(new StringReader(text));
        assertThat(properties).isEmpty();
        properties.load(new StringReader(text.replace("\n#elleve.", "\nelleve.")));
        var example = new TreeMap<String, String>();
        properties.forEach((name, value) -> example.put(String.valueOf(name), String.valueOf(value)));
        return example;
    }

    private static String name(Overlay overlay) {
        return overlay.all("ConfigMap").stream()
                .map(Manifest::name)
                .filter(each -> each.startsWith(RECEIVERS + "-"))
                .collect(Collectors.joining());
    }

    /// Everything of a place but the settings of the receivers and how their ConfigMap is called.
    private static String without(Overlay overlay) {
        return overlay.manifests().stream()
                .filter(each -> !each.name().equals(name(overlay)))
                .map(Manifest::body)
                .map(JsonNode::toString)
                .collect(Collectors.joining("\n"))
                .replace(name(overlay), RECEIVERS);
    }
}
