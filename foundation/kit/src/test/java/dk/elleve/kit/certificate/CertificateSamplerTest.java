package dk.elleve.kit.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.test.MovingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class CertificateSamplerTest {

    private static final String PASSWORD = "not-a-secret";

    @TempDir
    Path folder;

    private final MovingClock clock = MovingClock.at("2026-11-29T00:00:00Z");

    @Test
    void the_time_that_is_left_runs_out_and_goes_below_zero() throws IOException {
        var ends = made("server", "CN=server", 30);

        assertThat(left(CertificateSource.pem(ends))).isEqualTo(days(30));

        clock.advance(Duration.ofDays(29));
        assertThat(left(CertificateSource.pem(ends))).isEqualTo(days(1));

        clock.advance(Duration.ofDays(2));
        assertThat(left(CertificateSource.pem(ends))).isEqualTo(days(-1));
    }

    @Test
    void where_none_is_set_nothing_ends() {
        assertThat(left()).isInfinite().isPositive();
    }

    @Test
    void of_several_certificates_the_one_that_ends_first_counts() throws IOException {
        var chain = together(made("leaf", "CN=leaf", 10), made("between", "CN=between", 100));

        assertThat(left(CertificateSource.pem(chain))).isEqualTo(days(10));
        assertThat(left(CertificateSource.pem(chain), CertificateSource.pem(made("other", "CN=other", 3))))
                .isEqualTo(days(3));
    }

    @Test
    void an_authority_that_has_renewed_itself_may_lie_beside_its_older_certificate() throws IOException {
        var both = together(made("older", "CN=authority", 2), made("newer", "CN=authority", 300));

        assertThat(left(CertificateSource.pem(both))).isEqualTo(days(300));
    }

    @Test
    void a_file_that_is_renewed_is_seen_without_a_restart() throws IOException {
        var file = made("server", "CN=server", 1);
        var sampler = new CertificateSampler("server", List.of(CertificateSource.pem(file)), clock);
        assertThat(sampled(sampler)).containsEntry("use=server", days(1));

        Files.copy(made("renewed", "CN=server", 90), file, StandardCopyOption.REPLACE_EXISTING);

        assertThat(sampled(sampler)).containsEntry("use=server", days(90));
    }

    @Test
    void keys_and_words_beside_the_certificates_are_passed_over() throws IOException {
        var file = folder.resolve("mixed.pem");
        Files.writeString(
                file,
                "Bag Attributes: æøå\n-----BEGIN PRIVATE KEY-----\nnot one\n-----END PRIVATE KEY-----\n"
                        + Files.readString(made("server", "CN=server", 7)) + "the end\n");

        assertThat(left(CertificateSource.pem(file))).isEqualTo(days(7));
    }

    @Test
    void a_key_store_tells_of_what_it_shows_and_of_what_it_trusts() throws IOException {
        made("shown", "CN=shown", 20);
        var trusted = made("trusted", "CN=trusted", 5);
        var store = folder.resolve("shown.p12").toString();
        assertThat(left(CertificateSource.keyStore(store, PASSWORD))).isEqualTo(days(20));

        keytool("-importcert", "-noprompt", "-alias", "ca", "-file", trusted.toString(), "-keystore", store);

        assertThat(left(CertificateSource.keyStore("file:" + store, PASSWORD))).isEqualTo(days(5));
    }

    @Test
    void what_cannot_be_read_is_said_and_is_no_number() throws IOException {
        var empty = Files.writeString(folder.resolve("empty.pem"), "nothing\n");
        var torn = Files.writeString(
                folder.resolve("torn.pem"), "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");

        for (var file : List.of(empty, torn, folder.resolve("missing.pem"))) {
            assertThatThrownBy(() -> left(CertificateSource.pem(file)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("The certificates for test cannot be read");
        }
    }

    @Test
    void the_settings_of_spring_boot_name_what_every_service_has() throws IOException {
        var server = made("server", "CN=server", 4);
        var kafka = made("kafka", "CN=kafka", 5);
        var database = made("database", "CN=database", 6);
        var settings = new MockEnvironment()
                .withProperty("server.ssl.certificate", Files.readString(server))
                .withProperty("spring.ssl.bundle.pem.kafka.truststore.certificate", "file:" + kafka)
                .withProperty(
                        "spring.datasource.url",
                        "jdbc:postgresql://postgres:5432/x?sslmode=verify-full&sslrootcert=" + database);
        var made = new CertificateAutoConfiguration();

        var found = new TreeMap<String, Double>();
        Stream.of(
                        made.serverCertificates(settings, clock),
                        made.kafkaCertificates(settings, clock),
                        made.databaseCertificates(settings, clock))
                .forEach(each -> found.putAll(sampled(each)));

        assertThat(found).isEqualTo(Map.of("use=server", days(4), "use=kafka", days(5), "use=database", days(6)));
    }

    @Test
    void an_address_without_certificates_names_none() {
        assertThat(CertificateAutoConfiguration.filesIn("")).isEmpty();
        assertThat(CertificateAutoConfiguration.filesIn("jdbc:postgresql://h/x"))
                .isEmpty();
        assertThat(CertificateAutoConfiguration.filesIn("jdbc:postgresql://h/x?sslmode=require&sslrootcert"))
                .isEmpty();
        assertThat(CertificateAutoConfiguration.filesIn("jdbc:postgresql://h/x?sslcert=%2Fa%20b.crt&sslrootcert=/c"))
                .containsExactly(Path.of("/a b.crt"), Path.of("/c"));
    }

    private double left(CertificateSource... sources) {
        return sampled(new CertificateSampler("test", List.of(sources), clock)).getOrDefault("use=test", Double.NaN);
    }

    private static Map<String, Double> sampled(CertificateSampler sampler) {
        var found = new TreeMap<String, Double>();
        Sample sample = (measure, value, labels) -> {
            assertThat(measure.name()).isEqualTo("elleve.certificate.left");
            found.put(String.join("=", labels), value);
        };
        sampler.sample(sample);
        return found;
    }

    private static double days(int days) {
        return Duration.ofDays(days).toSeconds();
    }

    private Path together(Path... files) throws IOException {
        var all = new StringBuilder();
        for (var file : files) {
            all.append(Files.readString(file));
        }
        return Files.writeString(folder.resolve("together.pem"), all);
    }

    /// A certificate (PEM) that begins at midnight; its key store lies beside it.
    private Path made(String name, String subject, int days) throws IOException {
        var store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                subject,
                "-keyalg",
                "EC",
                "-keystore",
                store.toString(),
                "-startdate",
                "2026/11/29 00:00:00",
                "-validity",
                Integer.toString(days));
        try {
            var certificate = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray())
                    .getCertificate(name)
                    .getEncoded();
            return Files.writeString(
                    folder.resolve(name + ".pem"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                            + "\n-----END CERTIFICATE-----\n");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(String... words) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-Duser.timezone=UTC",
                "-J-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(words));
        command.addAll(List.of("-storepass", PASSWORD));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
