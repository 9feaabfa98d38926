package dk.elleve.tenantdata.antivirus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.test.MovingClock;
import dk.elleve.kit.test.part.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScannerTest {

    private static final Instant MADE = Instant.parse("2026-11-27T09:43:05Z");

    @TempDir
    Path folder;

    private final MovingClock clock = MovingClock.at("2026-11-29T09:43:05Z");

    private interface Behaviour {
        void answer(Socket client) throws IOException;
    }

    @Test
    void a_scanner_tells_how_old_its_signatures_are() throws IOException {
        try (var clamd = new Clamd(folder).withSignaturesOf(MADE).start()) {
            var sampler = sampler(clamd.port());
            assertThat(sampled(sampler)).isEqualTo(Map.of(up("clamav"), 1.0, age("clamav"), 172_800.0));

            clock.advance(Duration.ofDays(1));
            assertThat(sampled(sampler)).containsEntry(age("clamav"), 259_200.0);
        }
    }

    @Test
    void a_scanner_that_knows_the_test_file_alone_has_signatures_of_no_age() throws IOException {
        try (var clamd = new Clamd(folder).withSignatureOfNoDate().start()) {
            assertThat(sampled(sampler(clamd.port())))
                    .isEqualTo(Map.of(up("clamav"), 1.0, age("clamav"), Double.POSITIVE_INFINITY));
        }
    }

    @Test
    void of_a_scanner_that_has_gone_only_that_is_told() throws IOException {
        var clamd = new Clamd(folder).withSignaturesOf(MADE);
        var sampler = sampler(clamd.port());
        try (clamd) {
            assertThat(sampled(sampler)).isEqualTo(Map.of(up("clamav"), 0.0));
            clamd.start();
            assertThat(sampled(sampler)).containsEntry(up("clamav"), 1.0);
        }
        assertThat(sampled(sampler)).isEqualTo(Map.of(up("clamav"), 0.0));
    }

    @Test
    void where_no_scanner_is_set_nobody_is_asked() {
        var nobody = new ScannerSampler(new AntivirusProperties(null, 3310, Duration.ofSeconds(3)), clock);

        assertThat(sampled(nobody)).isEqualTo(Map.of(up(""), 0.0, age(""), 0.0));
    }

    @Test
    void a_host_that_nobody_knows_is_a_scanner_that_is_away() {
        var lost = new ScannerSampler(
                new AntivirusProperties("scanner.invalid", Ports.free(), Duration.ofSeconds(3)), clock);

        assertThat(sampled(lost)).isEqualTo(Map.of(up("clamav"), 0.0));
    }

    @Test
    void whoever_does_not_answer_in_time_is_not_waited_for() throws IOException {
        try (var silent = listening(client -> client.getInputStream().readAllBytes())) {
            assertThatThrownBy(() -> impatient(silent).version()).isInstanceOf(IOException.class);
        }
        try (var trickling = listening(client -> {
            while (!client.isClosed()) {
                client.getOutputStream().write('C');
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        })) {
            var begun = System.nanoTime();
            assertThatThrownBy(() -> impatient(trickling).version()).isInstanceOf(IOException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void whoever_speaks_another_language_is_no_scanner() throws IOException {
        for (var said : new String[] {"SSH-2.0-OpenSSH_9.2\r\n", "x\0", "C".repeat(10_000)}) {
            try (var other = listening(client -> {
                client.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
            })) {
                assertThatThrownBy(() -> impatient(other).version()).as(said).isInstanceOf(IOException.class);
            }
        }
    }

    private static Scanner impatient(ServerSocket at) {
        return new Scanner("127.0.0.1", at.getLocalPort(), Duration.ofMillis(300));
    }

    private static ServerSocket listening(Behaviour behaviour) throws IOException {
        var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (var client = server.accept()) {
                    behaviour.answer(client);
                } catch (IOException gone) {
                    // It hung up, as it should.
                }
            }
        });
        return server;
    }

    private ScannerSampler sampler(int port) {
        return new ScannerSampler(new AntivirusProperties("127.0.0.1", port, Duration.ofSeconds(10)), clock);
    }

    private static String up(String scanner) {
        return "elleve.tenantdata.scanner.up scanner=" + scanner;
    }

    private static String age(String scanner) {
        return "elleve.tenantdata.scanner.signatures.age scanner=" + scanner;
    }

    private static Map<String, Double> sampled(ScannerSampler sampler) {
        var found = new TreeMap<String, Double>();
        sampler.sample((measure, value, labels) -> found.put(measure.name() + " " + String.join("=", labels), value));
        return found;
    }
}
