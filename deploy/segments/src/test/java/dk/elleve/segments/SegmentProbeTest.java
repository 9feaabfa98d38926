package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentProbeTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"compose", "publish", "probe", "render"})
    void every_command_explains_itself(String command) {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("segment-probe " + command);

        assertThat(run(command, "--help")).isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("segment-probe " + command + " ");
    }

    @Test
    void a_wrong_call_is_one_sentence() {
        assertThat(run("prob")).isEqualTo(2);
        assertThat(run("probe", "--form", "gateway")).isEqualTo(2);
        assertThat(run("probe", "--from")).isEqualTo(2);
        assertThat(run("probe", "--from", "gatway")).isEqualTo(2);
        assertThat(run("render")).isEqualTo(2);
        assertThat(run("probe", "--from=gateway", "--dir=/nowhere")).isEqualTo(2);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "segment-probe: There is no command prob; segment-probe --help lists them.",
                        "segment-probe: segment-probe probe does not know --form; --help shows what it knows.",
                        "segment-probe: The option --from wants a value; segment-probe probe --help shows how.",
                        "segment-probe: There is no member gatway in the declaration.",
                        "segment-probe: segment-probe render wants --dir DIR, the folder with segments.yaml.",
                        "segment-probe: There is no file /nowhere/segments.yaml; --dir names a folder with"
                                + " segments.yaml and rendered/.");
    }

    @Test
    void a_site_renders_its_own_declaration(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("segments.yaml"), DeclarationReaderTest.SMALL);

        assertThat(run("render", "--dir", folder.toString())).isZero();

        try (var files = Files.list(folder.resolve("rendered"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "compose.yaml",
                            "firewall.nft",
                            "kubernetes.yaml",
                            "kustomization.yaml",
                            "network.svg",
                            "PORTS.md");
        }
        assertThat(Files.readString(folder.resolve("rendered/PORTS.md")))
                .contains("| door | base | 5432 | SQL | rows |")
                .contains("| base | vault | `vault.example.net` | 443 | 10.40.1.4 | keys |");
        assertThat(Files.readString(folder.resolve("rendered/firewall.nft")))
                .contains("ip saddr 10.9.140.12 ip daddr { 10.40.1.4 } tcp dport 443 counter accept");
    }

    @Test
    void an_open_port_and_a_refused_one_are_told_apart() throws IOException {
        try (var open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int refused = freePort();

            var seen = new Prober(Duration.ofSeconds(5), 2)
                    .probe(List.of(
                            new Prober.Target("127.0.0.1", open.getLocalPort()),
                            new Prober.Target("127.0.0.1", refused)));

            assertThat(seen.get(new Prober.Target("127.0.0.1", open.getLocalPort())))
                    .isEqualTo(Prober.Outcome.OPEN);
            assertThat(seen.get(new Prober.Target("127.0.0.1", refused))).isEqualTo(Prober.Outcome.REFUSED);
        }
    }

    private static int freePort() throws IOException {
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    private int run(String... words) {
        return SegmentProbe.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                words);
    }
}
