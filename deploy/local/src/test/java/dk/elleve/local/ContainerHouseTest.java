package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

class ContainerHouseTest {

    private static final Map<String, Object> DECLARED = declared();

    private final ContainerHouse house = new ContainerHouse(
            Secrets.inMemory(),
            AzuritePart.connectionString("azurite", 10000),
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8081");

    @ParameterizedTest
    @EnumSource(Service.class)
    void a_service_is_told_of_exactly_the_members_that_the_segments_let_it_reach(Service service) {
        var settings = new TreeMap<String, String>();
        for (var setting : ServiceSettings.of(house, service)) {
            settings.put(setting.name(), setting.value().get());
        }
        var told = new TreeSet<String>();
        settings.forEach((name, value) -> {
            told.addAll(addresses(value));
            if (name.endsWith(".host")) {
                told.add(value + ":" + settings.get(name.replaceAll("host$", "port")));
            }
        });
        assertThat(told).isEqualTo(reachable(service.label()));
    }

    @ParameterizedTest
    @EnumSource(Service.class)
    void only_who_works_with_blob_storage_holds_its_key_and_the_master_key(Service service) {
        var names = ServiceSettings.of(house, service).stream()
                .map(ServiceSettings.Setting::name)
                .toList();

        var works = reachable(service.label()).contains("azurite:10000");
        assertThat(names.contains("elleve.blob.connection-string")).isEqualTo(works);
        assertThat(names.contains("elleve.master-key")).isEqualTo(works);
    }

    @Test
    void a_rehearsal_leaves_settings_that_name_their_own_secrets(@TempDir Path folder) throws IOException {
        Setup.run(List.of("--rehearsal=audit", "--to=" + folder), Screen.silent());

        assertThat(Files.readString(folder.resolve("application.properties")))
                .contains("server.port=8080", "server.address=0.0.0.0", "management.server.port=9000")
                .contains("spring.config.import=configtree:/etc/elleve/secrets/")
                .doesNotContain(Files.readString(folder.resolve("secrets/elleve.master-key")));
    }

    private static List<String> addresses(String value) {
        return Pattern.compile("\\b(" + String.join("|", members()) + "):(\\d+)")
                .matcher(value)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    private static Set<String> reachable(String member) {
        var all = new TreeSet<String>();
        for (var each : (List<?>) DECLARED.getOrDefault("flows", List.of())) {
            var flow = (Map<?, ?>) each;
            if (listed(flow.get("from")).contains(member)) {
                listed(flow.get("to")).forEach(to -> all.add(String.valueOf(to)));
            }
        }
        return all;
    }

    private static List<?> listed(Object value) {
        return value instanceof List<?> list ? list : List.of(value);
    }

    private static List<String> members() {
        return ((Map<?, ?>) DECLARED.getOrDefault("members", Map.of()))
                .keySet().stream().map(String::valueOf).toList();
    }

    private static Map<String, Object> declared() {
        try {
            return new Yaml().load(Files.readString(ProjectRoot.find().resolve("deploy/segments/segments.yaml")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
