package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.KeycloakFiles;
import dk.elleve.kit.test.part.PartFailure;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/// The parts as containers, of the images and with the settings that compose uses: those of `deploy/images/build` where
/// it has made them, the official ones elsewhere. Each listens on a free port of the loopback address, because
/// Kafka and Keycloak tell their clients where they are and must know it before they start.
final class ContainerSupply implements Supply {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /// The label of what belongs to a rig; its value is the rig's folder.
    private static final String LABEL = "dk.elleve.rig";

    private final Place place;
    private final Secrets secrets;

    ContainerSupply(Place place, Secrets secrets) {
        this.place = place;
        this.secrets = secrets;
        speakAsTheEngineDoes();
        endLeftovers();
    }

    /// Testcontainers asks for a newer protocol than the engine of Debian 12 speaks, unless told.
    private static void speakAsTheEngineDoes() {
        if (System.getProperty("api.version") != null) {
            return;
        }
        try {
            var docker = new ProcessBuilder("docker", "version", "--format", "{{.Server.APIVersion}}")
                    .redirectErrorStream(true)
                    .start();
            var said = new String(docker.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (docker.waitFor() != 0) {
                throw new PartFailure("No Docker engine answers; deploy/images/docker.sh starts one. It said: " + said);
            }
            System.setProperty("api.version", said);
        } catch (IOException e) {
            throw new PartFailure("There is no docker on the PATH; deploy/images/docker.sh installs it.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while Docker was asked for its version.", e);
        }
    }

    /// A run that was killed has left its containers.
    private void endLeftovers() {
        var docker = DockerClientFactory.instance().client();
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(LABEL + "=" + place.root()))
                .exec()
                .forEach(each -> docker.removeContainerCmd(each.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }

    @Override
    public PostgresServer postgres() {
        var address = freeAddress();
        container("POSTGRES", address, 5432)
                .withEnv("POSTGRES_PASSWORD_FILE", "/etc/elleve/password")
                .withCopyToContainer(
                        Transferable.of(secrets.password(PostgresServer.SUPERUSER), 0444), "/etc/elleve/password")
                .withEnv(
                        "POSTGRES_INITDB_ARGS",
                        "--auth=scram-sha-256 --data-checksums --encoding=UTF8 --locale=C"
                                + " --locale-provider=builtin --builtin-locale=C.UTF-8")
                .withCopyToContainer(file("deploy/compose/postgres/postgresql.conf"), "/etc/postgresql/postgresql.conf")
                .withCopyToContainer(file("deploy/compose/postgres/pg_hba.conf"), "/etc/postgresql/pg_hba.conf")
                .withCommand(
                        "postgres",
                        "-c",
                        "config_file=/etc/postgresql/postgresql.conf",
                        "-c",
                        "hba_file=/etc/postgresql/pg_hba.conf")
                .start();
        var server = new PostgresServer(address, secrets);
        // While it makes its data folder the official image runs a server that nobody can reach: only an answer counts.
        Eventually.eventually("PostgreSQL answers", PATIENCE, () -> {
            try (var connection = server.superuser("postgres").getConnection()) {
                connection.isValid(1);
            }
        });
        return server;
    }

    @Override
    public Rig.Broker kafka() {
        var address = freeAddress();
        var settings = text("deploy/compose/kafka/server.properties")
                .replace("advertised.listeners=PLAINTEXT://kafka:9092", "advertised.listeners=PLAINTEXT://" + address);
        container("KAFKA", address, 9092)
                .withEnv("CLUSTER_ID", "6Xjw2rTZQGuNUGbYqLm8Aw")
                .withEnv("KAFKA_HEAP_OPTS", "-Xms64m -Xmx256m")
                .withCopyToContainer(Transferable.of(settings, 0444), "/mnt/shared/config/server.properties")
                .start();
        return new Rig.Broker(address.toString());
    }

    @Override
    public Rig.BlobStorage azurite() {
        var address = freeAddress();
        container("AZURITE", address, 10000)
                .withCommand(
                        "azurite-blob",
                        "--blobHost=0.0.0.0",
                        "--blobPort=10000",
                        "--location=/data",
                        "--skipApiVersionCheck",
                        "--disableTelemetry",
                        "--silent")
                // Unsigned, so refused; but refused by Azurite.
                .waitingFor(Wait.forHttp("/devstoreaccount1?comp=list")
                        .forPort(10000)
                        .forStatusCode(403))
                .start();
        return new Rig.BlobStorage(AzuritePart.connectionString(address.host(), address.port()));
    }

    /// On the host's own network: it speaks with the database and the mail sink of the loopback address.
    @Override
    public Rig.IdentityProvider keycloak(PostgresServer database, Address smtp) {
        var address = freeAddress();
        var management = freeAddress();
        var url = "http://" + address;
        var files = new KeycloakFiles(address, management.port(), url, database, smtp, secrets);
        container("KEYCLOAK")
                .withNetworkMode("host")
                .withEnv("JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx384m")
                .withCopyToContainer(Transferable.of(files.settings(), 0444), "/etc/elleve/keycloak.conf")
                .withCopyToContainer(
                        Transferable.of(files.realm(), 0444), "/opt/keycloak/data/import/elleve-realm.json")
                .withCommand("--config-file=/etc/elleve/keycloak.conf", "start", "--import-realm")
                // The command goes to a shell that may know no /dev/tcp.
                .waitingFor(Wait.forSuccessfulCommand("bash -c '"
                        + "exec 3<>/dev/tcp/127.0.0.1/" + management.port()
                        + " && printf \"GET /health/ready HTTP/1.0\\r\\n\\r\\n\" >&3 && read -r _ code _ <&3"
                        + " && [ \"$code\" = 200 ]'"))
                .withStartupTimeout(PATIENCE)
                .start();
        return new Rig.IdentityProvider(url);
    }

    /// @param port where the part listens in its container; at that address outside
    private GenericContainer<?> container(String part, Address address, int port) {
        var container = container(part);
        container.setPortBindings(List.of(address + ":" + port));
        return container.waitingFor(Wait.forListeningPorts(port)).withStartupTimeout(PATIENCE);
    }

    private GenericContainer<?> container(String part) {
        return new GenericContainer<>(image(part)).withLabel(LABEL, place.root().toString());
    }

    /// `deploy/compose/built.env` names what `deploy/images/build` makes, `platform.yaml` the official ones.
    private static DockerImageName image(String part) {
        var variable = "ELLEVE_" + part + "_IMAGE";
        var built = new Properties();
        try (var in = Files.newBufferedReader(ProjectRoot.find().resolve("deploy/compose/built.env"))) {
            built.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var own = built.getProperty(variable);
        if (own != null && exists(own)) {
            return DockerImageName.parse(own);
        }
        var official = text("deploy/compose/platform.yaml")
                .lines()
                .filter(line -> line.contains("${" + variable + ":-"))
                .map(line -> line.replaceFirst(".*:-(.*)}.*", "$1"))
                .findFirst()
                .orElseThrow();
        return DockerImageName.parse(official);
    }

    private static boolean exists(String image) {
        return !DockerClientFactory.instance()
                .client()
                .listImagesCmd()
                .withReferenceFilter(image)
                .exec()
                .isEmpty();
    }

    private static Address freeAddress() {
        return new Address("127.0.0.1", Ports.free());
    }

    private static Transferable file(String path) {
        return Transferable.of(text(path), 0444);
    }

    private static String text(String path) {
        try {
            return Files.readString(ProjectRoot.find().resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
