package dk.elleve.kit;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.ServiceRig;
import dk.elleve.kit.test.Tokens;
import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/// A service that says all it can say, and fails in every way it can fail, says no secret.
class SecretsTest {

    private static final byte[] NOTHING = new byte[0];

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void a_running_service_says_no_secret_in_its_log_arguments_environment_or_endpoints() throws Exception {
        var port = Ports.free();
        var secrets = secrets();
        var token = Tokens.demo("nord-admin").mint();
        secrets.put("the caller's token", token);
        var log = Path.of("target/rig/secrets.log");
        var child = child(settings(Map.of("server.port", Integer.toString(port))), log);
        try {
            eventually(
                    "the service is up",
                    Duration.ofSeconds(150),
                    () -> assertThat(ask(port, "GET", "/actuator/health/readiness", NOTHING, token)
                                    .statusCode())
                            .isEqualTo(200));
            var said = new StringBuilder();
            for (var endpoint : List.of(
                    "",
                    "/health",
                    "/prometheus",
                    "/env",
                    "/configprops",
                    "/beans",
                    "/loggers",
                    "/mappings",
                    "/heapdump",
                    "/info",
                    "/threaddump",
                    "/startup",
                    "/conditions")) {
                said.append(
                        ask(port, "GET", "/actuator" + endpoint, NOTHING, token).body());
            }
            said.append(ask(port, "GET", "/v3/api-docs", NOTHING, token).body());
            said.append(ask(port, "POST", "/things", "{\"note\": \"x\"}".getBytes(StandardCharsets.UTF_8), token)
                    .body());
            said.append(ask(port, "POST", "/things", "{".getBytes(StandardCharsets.UTF_8), token)
                    .body());
            said.append(ask(
                            port,
                            "GET",
                            "/things/x",
                            NOTHING,
                            Tokens.demo("nord-admin").forged().mint())
                    .body());
            // Its sessions die under it.
            KitRig.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'breach_service'");
            said.append(ask(port, "POST", "/things", "{\"note\": \"y\"}".getBytes(StandardCharsets.UTF_8), token)
                    .body());
            var process = Path.of("/proc/" + child.pid());
            said.append(Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1));
            said.append(Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1));
            assertThat(said.length()).isPositive();
            silent(said.toString(), secrets);
        } finally {
            child.destroyForcibly().waitFor();
        }
        assertThat(Files.readString(log, StandardCharsets.ISO_8859_1))
                .as("the log speaks at its finest")
                .contains(" TRACE ")
                .contains("POST");
        silent(log, secrets);
    }

    @Test
    void a_service_that_cannot_start_says_why_and_no_secret() throws Exception {
        var marker = "4711-not-the-password-4711";
        var wrong = new TreeMap<String, String>();
        wrong.put("spring.datasource.password", marker);
        wrong.put("elleve.cursor.key", "!" + marker);
        for (var setting : wrong.entrySet()) {
            var secrets = secrets();
            secrets.put("the wrong value", marker);
            var log = Path.of("target/rig/secrets-" + setting.getKey() + ".log");
            var child = child(settings(Map.of(setting.getKey(), setting.getValue())), log);
            try {
                assertThat(child.waitFor(150, TimeUnit.SECONDS)).isTrue();
                assertThat(child.exitValue()).as(setting.getKey()).isEqualTo(1);
            } finally {
                child.destroyForcibly().waitFor();
            }
            silent(log, secrets);
        }
    }

    @Test
    void the_settings_of_the_kit_print_no_secret() throws ClassNotFoundException {
        var marker = "c2VjcmV0LTQ3MTEtc2VjcmV0LTQ3MTEtc2VjcmV0LTQ=";
        var values = Map.of(
                "elleve.service",
                "breach",
                "elleve.attribution.key",
                marker,
                "elleve.cursor.key",
                marker,
                "elleve.blob.connection-string",
                marker,
                "elleve.spool.directory",
                "spool",
                "elleve.residency.regions.blob",
                "local");
        var binder = new Binder(new MapConfigurationPropertySource(values));
        var scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        var found = scan.findCandidateComponents("dk.elleve.kit");
        assertThat(found).hasSizeGreaterThanOrEqualTo(4);
        for (var each : found) {
            var type = Class.forName(each.getBeanClassName());
            var prefix = type.getAnnotation(ConfigurationProperties.class).value();
            var bound = binder.bindOrCreate(prefix, type);
            assertThat(String.valueOf(bound)).doesNotContain(marker, "secret-4711");
        }
    }

    /// What the installation keeps in secret files, and the same bytes in other letters.
    private static Map<String, String> secrets() {
        var secrets = new HashMap<String, String>();
        ServiceSettings.of(Rig.house(), Service.BREACH).stream()
                .filter(ServiceSettings.Setting::secret)
                .forEach(setting -> secrets.put(setting.name(), setting.value().get()));
        secrets.put("master key", Rig.secrets().key("master"));
        secrets.computeIfPresent(
                "elleve.blob.connection-string", (name, value) -> value.replaceAll(".*AccountKey=([^;]+);.*", "$1"));
        for (var name : List.of("elleve.attribution.key", "elleve.cursor.key", "master key")) {
            var bytes = Base64.getDecoder().decode(secrets.get(name));
            secrets.put(name + " in hex", HexFormat.of().formatHex(bytes));
            secrets.put(
                    name + " for addresses",
                    Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(8);
        assertThat(secrets.values()).allSatisfy(secret -> assertThat(secret).hasSizeGreaterThan(11));
        return secrets;
    }

    private static void silent(Path log, Map<String, String> secrets) throws IOException {
        try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> silent(line, secrets));
        }
    }

    private static void silent(String said, Map<String, String> secrets) {
        secrets.forEach((name, secret) -> {
            int at = said.indexOf(secret);
            if (at >= 0) {
                // The failure may not say it either.
                throw new AssertionError(name + " was said after: " + said.substring(Math.max(0, at - 300), at));
            }
        });
    }

    private static Path settings(Map<String, String> changed) throws IOException {
        var settings = new Properties();
        settings.putAll(ServiceRig.of("breach").values());
        settings.setProperty("elleve.master-key", Rig.secrets().key("master"));
        settings.setProperty("elleve.blob.connection-string", Rig.azurite().connectionString());
        settings.setProperty("logging.level.root", "trace");
        settings.setProperty("logging.level.org.apache.kafka", "debug");
        settings.setProperty("management.endpoint.health.show-details", "always");
        settings.setProperty(
                "elleve.spool.directory",
                Path.of("target/rig/secrets-spool").toAbsolutePath().toString());
        settings.setProperty("spring.kafka.consumer.group-id", "secrets");
        settings.putAll(changed);
        var file = Files.createTempFile(Rig.place().root(), "secrets", ".properties");
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file;
    }

    /// As the launcher starts a service: its secrets lie in a file whose name is all that the arguments say.
    private static Process child(Path settings, Path log) throws IOException {
        return new ProcessBuilder(
                        Jvm.program(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SecretsChild.class.getName(),
                        "--spring.config.additional-location=file:" + settings.toAbsolutePath())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private HttpResponse<String> ask(int port, String method, String path, byte[] body, String token)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
