package dk.elleve.audit.log;

import dk.elleve.kit.test.Scratch;
import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import dk.elleve.kit.test.part.ServiceSettings;
import java.io.IOException;
import java.nio.file.Path;
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
        root = Scratch.folder("house");
        postgres = new PostgresPart(Parts.standard(), new Place(root), Ports.free(), secrets);
        azurite = new AzuritePart(Parts.standard(), new Place(root), Ports.free());
        postgres.install();
        postgres.start();
        azurite.install();
        azurite.start();
        postgres.awaitReady(PATIENCE);
        azurite.awaitReady(PATIENCE);
        new ClusterProvisioner(postgres.server()).provision();
    }

    /// What the service is given, without a broker.
    Properties settings() {
        var settings = new Properties();
        for (var setting : ServiceSettings.of(this, Service.AUDIT)) {
            settings.setProperty(setting.name(), setting.value().get());
        }
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

    PostgresPart postgres() {
        return postgres;
    }

    @Override
    public PostgresServer database() {
        return postgres.server();
    }

    @Override
    public Path postgresPrograms() {
        return postgres.programs();
    }

    @Override
    public String bootstrapServers() {
        return "127.0.0.1:1";
    }

    @Override
    public String blobStorage() {
        return azurite.connectionString();
    }

    @Override
    public Address smtp() {
        return new Address("127.0.0.1", 1);
    }

    @Override
    public String issuer() {
        return "http://127.0.0.1:1/realms/elleve";
    }

    @Override
    public Address listens(Service service) {
        return new Address("127.0.0.1", 0);
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
