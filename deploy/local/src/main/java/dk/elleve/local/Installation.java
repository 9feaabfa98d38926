package dk.elleve.local;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.KafkaPart;
import dk.elleve.kit.test.part.KeycloakPart;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import dk.elleve.local.PortPlan.Use;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One platform in one folder: its ports, its secrets and its parts. Making one touches nothing.
final class Installation implements House {

    private final Path project;
    private final Place place;
    private final PortPlan ports;
    private final Secrets secrets;
    private final PostgresPart postgres;
    private final KafkaPart kafka;
    private final AzuritePart azurite;
    private final MailPart mail;
    private final KeycloakPart keycloak;
    private final List<ServicePart> services;

    private Installation(Path project, Place place, PortPlan ports) {
        this.project = project;
        this.place = place;
        this.ports = ports;
        this.secrets = Secrets.in(place.secrets());
        var parts = Parts.standard();
        this.postgres = new PostgresPart(parts, place, ports.of(Use.POSTGRES), secrets);
        this.kafka = new KafkaPart(parts, place, ports.of(Use.KAFKA), ports.of(Use.KAFKA_CONTROLLER));
        this.azurite = new AzuritePart(parts, place, ports.of(Use.AZURITE));
        this.mail = new MailPart(place, ports.of(Use.SMTP), ports.of(Use.MAIL));
        this.keycloak = new KeycloakPart(
                parts,
                place,
                new KeycloakPart.PortsUsed(
                        ports.of(Use.KEYCLOAK), ports.of(Use.KEYCLOAK_MANAGEMENT), ports.of(Use.SMTP)),
                postgres.server(),
                secrets);
        var made = new ArrayList<ServicePart>();
        for (var service : Service.values()) {
            made.add(new ServicePart(this, service));
        }
        this.services = List.copyOf(made);
    }

    /// The folder is `--dir`, else `ELLEVE_DIR`, else `.elleve` of the project.
    static Installation of(Arguments arguments) {
        var project = ProjectRoot.find();
        var folder = arguments
                .option("--dir")
                .or(() -> Optional.ofNullable(System.getenv("ELLEVE_DIR")).filter(text -> !text.isBlank()))
                .map(Path::of)
                .orElse(project.resolve(".elleve"));
        var place = new Place(folder);
        return new Installation(project, place, PortPlan.read(place.root().resolve("ports"), arguments));
    }

    /// Held while the installation is changed, so that two starts do not cross.
    FileLock lock() {
        try {
            Files.createDirectories(place.root());
            var channel =
                    FileChannel.open(place.root().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                throw new Refusal("Another ./elleve is just starting or stopping the installation in " + place.root()
                        + "; wait for it.");
            }
            return lock;
        } catch (IOException e) {
            throw new Refusal("The folder " + place.root() + " cannot be written: " + e.getMessage() + ".");
        }
    }

    Path project() {
        return project;
    }

    Place place() {
        return place;
    }

    PortPlan ports() {
        return ports;
    }

    MailPart mail() {
        return mail;
    }

    KeycloakPart keycloak() {
        return keycloak;
    }

    List<ServicePart> services() {
        return services;
    }

    ServicePart service(Service service) {
        return services.get(service.ordinal());
    }

    /// All, in the order they are started.
    List<Part> parts() {
        var all = new ArrayList<Part>(List.of(postgres, kafka, azurite, mail, keycloak));
        all.addAll(services);
        return List.copyOf(all);
    }

    /// The named ones; all where none is named.
    List<Part> chosen(List<String> names) {
        var chosen = names.stream().map(this::part).toList();
        return names.isEmpty()
                ? parts()
                : parts().stream().filter(chosen::contains).toList();
    }

    Part part(String name) {
        return parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no part " + name + "; the parts are "
                        + String.join(", ", parts().stream().map(Part::name).toList()) + "."));
    }

    /// The ports a part listens on.
    List<Use> uses(Part part) {
        return switch (part.name()) {
            case "postgres" -> List.of(Use.POSTGRES);
            case "kafka" -> List.of(Use.KAFKA, Use.KAFKA_CONTROLLER);
            case "azurite" -> List.of(Use.AZURITE);
            case "mail" -> List.of(Use.MAIL, Use.SMTP);
            case "keycloak" -> List.of(Use.KEYCLOAK, Use.KEYCLOAK_MANAGEMENT);
            default -> List.of(use(Service.labelled(part.name())));
        };
    }

    private static Use use(Service service) {
        return switch (service) {
            case IDENTITY -> Use.IDENTITY;
            case TENANT_DATA -> Use.TENANT_DATA;
            case BACKUP -> Use.BACKUP;
            case BREACH -> Use.BREACH;
            case AUDIT -> Use.AUDIT;
            case GATEWAY -> Use.GATEWAY;
        };
    }

    /// The door.
    String address() {
        return "http://127.0.0.1:" + ports.of(Use.GATEWAY);
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    PostgresPart postgres() {
        return postgres;
    }

    KafkaPart kafka() {
        return kafka;
    }

    AzuritePart azurite() {
        return azurite;
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
        return kafka.bootstrapServers();
    }

    @Override
    public String blobStorage() {
        return azurite.connectionString();
    }

    @Override
    public Address smtp() {
        return new Address("127.0.0.1", ports.of(Use.SMTP));
    }

    @Override
    public String issuer() {
        return keycloak.issuer();
    }

    SignedSince signedSince() {
        return new SignedSince(place);
    }

    @Override
    public Optional<Instant> backupsSignedSince() {
        return signedSince().moment();
    }

    @Override
    public Address listens(Service service) {
        return new Address("127.0.0.1", ports.of(use(service)));
    }

    @Override
    public Path folder(Service service) {
        return place.data(service.label());
    }
}
