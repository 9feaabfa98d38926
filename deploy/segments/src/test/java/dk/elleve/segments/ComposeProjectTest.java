package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComposeProjectTest {

    private static final Declaration SMALL = DeclarationReaderTest.small();
    private static final String DOOR = """
        [{"Id": "d00r", "State": {"Pid": 4711}, "Config": {"Labels": {"com.docker.compose.service": "door"}},
          "NetworkSettings": {
            "Ports": {"8080/tcp": [{"HostIp": "127.0.0.1", "HostPort": "80"}], "9000/tcp": null},
            "Networks": {"small_base": {"IPAddress": "10.9.12.11"}, "small_outside-door": {"IPAddress": "10.9.139.11"}}}}]
        """;

    @Test
    void a_project_as_rendered_is_as_declared() {
        var project = ComposeProject.parse("small", DOOR);

        var door = project.container("door").orElseThrow();
        assertThat(door.published()).containsExactly(8080);
        assertThat(door.namespace().handle()).hasToString("/proc/4711/ns/net");
        assertThat(project.container("base")).isEmpty();
        assertThat(project.differences(SMALL, Networks.of(SMALL))).isEmpty();
    }

    @Test
    void other_addresses_other_published_ports_and_strangers_are_differences() {
        assertThat(differences(DOOR.replace("10.9.139.11", "10.9.139.12")))
                .containsExactly("door has the addresses 10.9.12.11, 10.9.139.12 and not 10.9.12.11, 10.9.139.11");
        assertThat(differences(DOOR.replace("\"9000/tcp\": null", "\"9000/tcp\": [{\"HostPort\": \"90\"}]")))
                .containsExactly("door:9000 is published and not declared as reached from outside");
        assertThat(differences(DOOR.replace("\"door\"", "\"stranger\"")))
                .containsExactly("stranger runs on a network and is not declared");
    }

    @Test
    void a_container_without_a_network_of_its_own_is_nobody() {
        assertThat(differences(DOOR.replace("\"door\"", "\"guard\"").replaceAll("10\\.9\\.[0-9.]+", "")))
                .isEmpty();
    }

    private static Iterable<String> differences(String inspected) {
        return ComposeProject.parse("small", inspected).differences(SMALL, Networks.of(SMALL));
    }
}
