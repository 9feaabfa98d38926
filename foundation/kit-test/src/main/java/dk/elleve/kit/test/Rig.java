package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.KafkaPart;
import dk.elleve.kit.test.part.KeycloakPart;
import dk.elleve.kit.test.part.MailSink;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The real parts, for tests: each starts when first asked for, serves the whole test run of a module and goes with it.
/// Everything lies in `target/rig`; logs stay there for reading after a failure.
public final class Rig {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Secrets SECRETS = Secrets.inMemory();

    private static volatile boolean kafkaRuns;

    private Rig() {}

    /// PostgreSQL with every role, database, schema, publication and slot of `deploy/postgres`.
    public static PostgresPart postgres() {
        return Postgres.PART;
    }

    public static KafkaPart kafka() {
        return Kafka.PART;
    }

    /// Whether a test has asked for the broker; asking this starts none.
    static boolean kafkaRuns() {
        return kafkaRuns;
    }

    public static AzuritePart azurite() {
        return Azurite.PART;
    }

    /// Takes mail at [MailSink#smtpPort()] and shows it by [MailSink#mails()].
    public static MailSink mail() {
        return Mail.SINK;
    }

    /// Keycloak with the realm `elleve`, on the rig's PostgreSQL; slow to start, so only for tests that speak with it.
    public static KeycloakPart keycloak() {
        return Keycloak.PART;
    }

    public static Secrets secrets() {
        return SECRETS;
    }

    /// `target/rig` of the module under test, emptied of the run before.
    public static Place place() {
        return Ground.PLACE;
    }

    /// The rig as the settings of services see it.
    public static House house() {
        return new House() {
            @Override
            public Secrets secrets() {
                return SECRETS;
            }

            @Override
            public PostgresServer database() {
                return Rig.postgres().server();
            }

            @Override
            public Path postgresPrograms() {
                return Rig.postgres().programs();
            }

            @Override
            public String bootstrapServers() {
                return Rig.kafka().bootstrapServers();
            }

            @Override
            public String blobStorage() {
                return Rig.azurite().connectionString();
            }

            @Override
            public Address smtp() {
                return new Address("127.0.0.1", Rig.mail().smtpPort());
            }

            @Override
            public String issuer() {
                return Tokens.issuer();
            }

            @Override
            public String jwkSet() {
                return Tokens.jwkSet();
            }

            @Override
            public Address listens(Service service) {
                return new Address("127.0.0.1", 0);
            }

            @Override
            public Path folder(Service service) {
                return place().data(service.label());
            }
        };
    }

    private static <P extends Part> P started(P part) {
        Ground.STARTED.add(part);
        part.install();
        part.start();
        part.awaitReady(PATIENCE);
        return part;
    }

    /// Holders: a part is started by the first thread that names its class, and every other thread waits for it.
    private static final class Postgres {
        static final PostgresPart PART = provisioned();

        private static PostgresPart provisioned() {
            var part = started(new PostgresPart(Parts.standard(), place(), Ports.free(), SECRETS));
            new ClusterProvisioner(part.server()).provision();
            return part;
        }
    }

    private static final class Kafka {
        static final KafkaPart PART = started(new KafkaPart(Parts.standard(), place(), Ports.free(), Ports.free()));

        static {
            kafkaRuns = true;
        }
    }

    private static final class Azurite {
        static final AzuritePart PART = started(new AzuritePart(Parts.standard(), place(), Ports.free()));
    }

    private static final class Keycloak {
        static final KeycloakPart PART = started(new KeycloakPart(
                Parts.standard(),
                place(),
                new KeycloakPart.PortsUsed(Ports.free(), Ports.free(), mail().smtpPort()),
                postgres(),
                SECRETS));
    }

    private static final class Mail {
        static final MailSink SINK = new MailSink(place().data("mail"), 0, 0, Clock.systemUTC());
    }

    private static final class Ground {
        static final List<Part> STARTED = new ArrayList<>();
        static final Place PLACE = prepared();

        private static Place prepared() {
            var place = new Place(Path.of("target/rig"));
            endLeftovers(place);
            delete(place.root());
            Runtime.getRuntime()
                    .addShutdownHook(
                            new Thread(() -> List.copyOf(STARTED).reversed().forEach(Part::stop), "rig-stop"));
            return place;
        }

        /// A run that was killed has left its processes; their folder is about to go.
        private static void endLeftovers(Place place) {
            for (var name : List.of("postgres", "kafka", "azurite", "keycloak")) {
                new Daemon(name, place).stop("KILL", PATIENCE);
            }
        }

        private static void delete(Path folder) {
            if (!Files.exists(folder)) {
                return;
            }
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
