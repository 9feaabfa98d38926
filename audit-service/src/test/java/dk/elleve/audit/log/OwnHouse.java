package dk.elleve.audit.log;

import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.KafkaPart;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Properties;

/// Databases and blob storage for a service of its own; nobody listens on Kafka.
final class OwnHouse implements House, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Secrets secrets = Secrets.inMemory();
    private final Path root;
    private final PostgresPart postgres;
    private final AzuritePart azurite;

    OwnHouse() throws IOException {
        root = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "own-house-");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        postgres = new PostgresPart(Parts.standard(), new Place(root), Ports.free(), secrets);
        azurite = new AzuritePart(Parts.standard(), new Place(root), Ports.free());
        postgres.install();
        postgres.start();
        azurite.install();
        azurite.start();
        postgres.awaitReady(PATIENCE);
        azurite.awaitReady(PATIENCE);
        new ClusterProvisioner(postgres, secrets).provision();
    }

    /// What the service is given, without a broker.
    Properties settings() {
        var settings = new Properties();
        for (var setting : ServiceSettings.of(this, Service.AUDIT)) {
            if (!setting.name().startsWith("spring.kafka")) {
                settings.setProperty(setting.name(), setting.value().get());
            }
        }
        settings.setProperty("spring.kafka.bootstrap-servers", "127.0.0.1:1");
        settings.setProperty("elleve.residency.allowed", ServiceSettings.REGION);
        return settings;
    }

    Path root() {
        return root;
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public PostgresPart postgres() {
        return postgres;
    }

    @Override
    public KafkaPart kafka() {
        throw new UnsupportedOperationException("There is no broker in this house");
    }

    @Override
    public AzuritePart azurite() {
        return azurite;
    }

    @Override
    public int smtpPort() {
        return 1;
    }

    @Override
    public String issuer() {
        return "http://127.0.0.1:1/realms/elleve";
    }

    @Override
    public String jwkSet() {
        return issuer();
    }

    @Override
    public int port(Service service) {
        return 0;
    }

    @Override
    public Path folder(Service service) {
        return root.resolve(service.label());
    }

    @Override
    public void close() {
        postgres.kill();
        azurite.stop();
    }
}
