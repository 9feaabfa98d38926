package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/// Who outside is sent the log, on one machine and in containers. `deploy/receivers`
class ReceiversTest {

    private static final Path DEPLOY = ProjectRoot.find().resolve("deploy");

    private final ContainerHouse house = new ContainerHouse(
            Secrets.inMemory(),
            AzuritePart.connectionString("azurite", 10000),
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8081");

    @ParameterizedTest
    @EnumSource(Service.class)
    void only_audit_reads_who_is_sent_the_log_and_its_secrets_stand_above_that(Service service, @TempDir Path folder)
            throws IOException {
        SettingsFiles.write(house, service, folder, ContainerHouse.SETTINGS, Optional.of(ContainerHouse.RECEIVERS));

        var told = new Properties();
        told.load(new StringReader(Files.readString(folder.resolve(SettingsFiles.PLAIN))));
        assertThat(told.getProperty("spring.config.import"))
                .isEqualTo(
                        service == Service.AUDIT
                                ? "file:/run/elleve/receivers/receivers.properties,configtree:/etc/elleve/secrets/"
                                : "configtree:/etc/elleve/secrets/");
    }

    @Test
    void on_one_machine_nobody_is_sent_the_log_until_the_operator_has_written_who(@TempDir Path root)
            throws IOException {
        var place = new Place(root);
        assertThat(ServicePart.receivers(place)).isEmpty();

        var folder = Files.createDirectories(place.root().resolve("receivers"));
        assertThat(ServicePart.receivers(place)).isEmpty();

        Files.writeString(folder.resolve("receivers.properties"), "elleve.audit.siem[0].name=soc\n");
        assertThat(ServicePart.receivers(place)).contains(folder);
    }

    @Test
    void in_containers_audit_alone_is_given_the_folder_and_cannot_write_into_it() throws IOException {
        Map<String, Map<String, Map<String, Object>>> compose =
                new Yaml().load(Files.readString(DEPLOY.resolve("compose/platform.yaml")));
        var given = new TreeSet<String>();
        compose.getOrDefault("services", Map.of()).forEach((member, how) -> {
            for (var volume : (List<?>) how.getOrDefault("volumes", List.of())) {
                if (String.valueOf(volume).contains("receivers")) {
                    given.add(member);
                    assertThat(volume)
                            .isEqualTo(Map.of(
                                    "type",
                                    "bind",
                                    "source",
                                    "${ELLEVE_RECEIVERS:-../receivers}",
                                    "target",
                                    ContainerHouse.RECEIVERS.toString(),
                                    "read_only",
                                    true,
                                    "bind",
                                    Map.of("create_host_path", false)));
                }
            }
        });
        assertThat(given).isEqualTo(Set.of("audit"));
    }

    @Test
    void the_file_that_comes_with_the_platform_names_nobody() throws IOException {
        assertThat(settings(shipped())).isEmpty();
    }

    @Test
    void its_example_names_those_that_the_segments_declare_for_audit_and_where_they_lie() throws IOException {
        var example = settings(shipped().replace("\n#elleve.", "\nelleve."));

        assertThat(example.getProperty("elleve.residency.regions.siem")).isEqualTo("westeurope");
        var named = new TreeSet<String>();
        named.add(example.getProperty("elleve.audit.siem[0].host") + ":"
                + example.getProperty("elleve.audit.siem[0].port"));
        for (var kind : List.of("webhook", "timestamp")) {
            var url = URI.create(example.getProperty("elleve.audit.second-anchor." + kind + ".url"));
            assertThat(url.getScheme()).isEqualTo("https");
            named.add(url.getHost() + ":443");
        }
        assertThat(named).isEqualTo(declared("siem", "log-webhook", "log-timestamps"));
        // What is no setting is a file of the same folder.
        for (var file : List.of("ca", "certificate", "key")) {
            assertThat(example.getProperty("elleve.audit.siem[0]." + file)).startsWith(ContainerHouse.RECEIVERS + "/");
        }
    }

    private static String shipped() throws IOException {
        return Files.readString(DEPLOY.resolve("receivers").resolve(SettingsFiles.RECEIVERS));
    }

    private static Properties settings(String text) throws IOException {
        var settings = new Properties();
        settings.load(new StringReader(text));
        return settings;
    }

    /// Host and port of these endpoints, which must be among those that audit may reach.
    private static Set<String> declared(String... endpoints) throws IOException {
        Map<String, Object> segments = new Yaml().load(Files.readString(DEPLOY.resolve("segments/segments.yaml")));
        var open = new TreeSet<String>();
        for (var egress : (List<?>) segments.getOrDefault("egress", List.of())) {
            var way = (Map<?, ?>) egress;
            if ("audit".equals(way.get("from"))) {
                open.add(String.valueOf(way.get("to")));
            }
        }
        assertThat(open).contains(endpoints);
        var all = new TreeSet<String>();
        var known = (Map<?, ?>) segments.getOrDefault("endpoints", Map.of());
        for (var endpoint : endpoints) {
            var at = (Map<?, ?>) Objects.requireNonNull(known.get(endpoint));
            all.add(at.get("host") + ":" + at.get("port"));
        }
        return all;
    }
}
