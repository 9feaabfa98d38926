package dk.elleve.kit.test.part;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Keycloak from its distribution, built once for PostgreSQL, in production mode on its own database, with the realm
/// `elleve` imported when the database is empty.
public final class KeycloakPart implements Part {

    public static final String REALM = "elleve";

    /// Clients that have a secret; it is the installation's password of that name.
    public static final String GATEWAY_CLIENT = "elleve-gateway";

    public static final String IDENTITY_CLIENT = "elleve-identity";

    public static final String DEPLOY_CLIENT = "elleve-deploy";

    private static final String HOST = "127.0.0.1";

    /// @param http where browsers and services meet it
    /// @param management health and metrics
    /// @param smtp where its mails go
    public record PortsUsed(int http, int management, int smtp) {}

    private final Parts parts;
    private final Path home;
    private final PortsUsed ports;
    private final PostgresServer database;
    private final Secrets secrets;
    private final Daemon daemon;

    public KeycloakPart(Parts parts, Place place, PortsUsed ports, PostgresServer database, Secrets secrets) {
        this.parts = parts;
        this.home = place.data("keycloak");
        this.ports = ports;
        this.database = database;
        this.secrets = secrets;
        this.daemon = new Daemon("keycloak", place);
    }

    @Override
    public String name() {
        return "keycloak";
    }

    public String url() {
        return "http://" + HOST + ":" + ports.http();
    }

    public String issuer() {
        return url() + "/realms/" + REALM;
    }

    @Override
    public void install() {
        distribution();
    }

    private Path distribution() {
        return parts.keycloak(folder -> {
            var log = folder.resolve("build.log");
            var build = new ProcessBuilder(
                    folder.resolve("bin/kc.sh").toString(),
                    "build",
                    "--db=postgres",
                    "--health-enabled=true",
                    "--metrics-enabled=true");
            build.environment().put("JAVA_HOME", System.getProperty("java.home"));
            build.redirectErrorStream(true).redirectOutput(log.toFile());
            try {
                var process = build.start();
                if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                    process.destroyForcibly();
                    throw new PartFailure("Keycloak could not be built for PostgreSQL: " + Daemon.lastLines(log, 3));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PartFailure("Interrupted while Keycloak was built.", e);
            }
        });
    }

    @Override
    public void start() {
        if (running()) {
            return;
        }
        var distribution = distribution();
        try {
            // A home of our own around the shared programs: settings with secrets in it, and nothing written elsewhere.
            Place.closed(home);
            link("lib", distribution);
            link("providers", distribution);
            link("themes", distribution);
            Place.writePrivate(home.resolve("conf/keycloak.conf"), files().settings());
            Place.writePrivate(home.resolve("data/import/elleve-realm.json"), files().realm());
        } catch (IOException e) {
            throw new PartFailure("Keycloak's home could not be made: " + e.getMessage(), e);
        }
        var command = new ArrayList<>(List.of(Jvm.program()));
        command.addAll(Jvm.OPTIMIZING_LATE);
        command.addAll(List.of(
                "-Xms64m",
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=96M",
                "-XX:MaxMetaspaceSize=256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                        + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                "--add-opens=java.base/java.security=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Dkc.home.dir=" + home,
                "-Djboss.server.config.dir=" + home.resolve("conf"),
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dpicocli.disable.closures=true",
                "-Dquarkus-log-max-startup-records=10000",
                "-cp",
                home.resolve("lib/quarkus-run.jar").toString(),
                "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
                "start",
                "--optimized",
                "--import-realm"));
        daemon.start(new Daemon.Command(command, home));
    }

    private void link(String name, Path distribution) throws IOException {
        var link = home.resolve(name);
        var target = distribution.resolve(name);
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(link);
        }
        Files.createSymbolicLink(link, target);
    }

    private KeycloakFiles files() {
        return new KeycloakFiles(
                new Address(HOST, ports.http()),
                ports.management(),
                url(),
                database,
                new Address(HOST, ports.smtp()),
                secrets);
    }

    /// Keycloak listens before it works: only the health endpoint tells that the realm is there.
    @Override
    public void awaitReady(Duration limit) {
        var request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + ports.management() + "/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            daemon.awaitReady(
                    limit,
                    () -> client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    @Override
    public void stop() {
        daemon.stop("TERM", Duration.ofSeconds(20));
    }

    public void kill() {
        daemon.stop("KILL", Duration.ofSeconds(10));
    }
}
