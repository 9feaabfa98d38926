package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.KeycloakPart;
import dk.elleve.kit.test.part.MailSink;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.nio.file.Path;
import java.time.Clock;

/// The real parts, for tests: each starts when first asked for, serves the whole test run of a module and goes with it.
/// They are processes of this machine, or with `-Delleve.rig=containers` containers of the images that compose uses.
/// Everything lies in `target/rig`; logs of processes stay there, and after a failure the parts' data too.
public final class Rig {

    private static final Secrets SECRETS = Secrets.inMemory();

    private static volatile boolean kafkaRuns;

    public record Broker(String bootstrapServers) {}

    public record BlobStorage(String connectionString) {}

    /// @param url where it listens, without a path
    public record IdentityProvider(String url) {

        /// The `iss` of its tokens.
        public String issuer() {
            return url + "/realms/" + KeycloakPart.REALM;
        }
    }

    private Rig() {}

    /// PostgreSQL with every role, database, schema, publication and slot of `deploy/postgres`.
    public static PostgresServer postgres() {
        return Postgres.SERVER;
    }

    /// The folder with `postgres`, `initdb` and `pg_ctl`, of the same version as the server: for tests that
    /// start one of their own.
    public static Path postgresPrograms() {
        return PostgresPart.programs(Parts.standard());
    }

    public static Broker kafka() {
        return Kafka.BROKER;
    }

    /// Whether a test has asked for the broker; asking this starts none.
    static boolean kafkaRuns() {
        return kafkaRuns;
    }

    public static BlobStorage azurite() {
        return Azurite.STORAGE;
    }

    /// Takes mail at [MailSink#smtpPort()] and shows it by [MailSink#mails()].
    public static MailSink mail() {
        return Mail.SINK;
    }

    /// Keycloak with the realm `elleve`, on the rig's PostgreSQL; slow to start, so only for tests that speak with it.
    public static IdentityProvider keycloak() {
        return Keycloak.PROVIDER;
    }

    public static Secrets secrets() {
        return SECRETS;
    }

    /// `target/rig` of the module under test, emptied of the run before.
    public static Place place() {
        return Ground.PLACE;
    }

    /// Whether the parts keep their files in [#place()]; those of containers are in the containers.
    public static boolean filesAreHere() {
        return Chosen.SUPPLY instanceof ProcessSupply;
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
                return Rig.postgres();
            }

            @Override
            public Path postgresPrograms() {
                return Rig.postgresPrograms();
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
                return new Address("127.0.0.1", mail().smtpPort());
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

    /// Holders: a part is started by the first thread that names its class, and every other thread waits for it.
    private static final class Chosen {
        static final Supply SUPPLY = Supply.chosen();
    }

    private static final class Postgres {
        static final PostgresServer SERVER = provisioned();

        private static PostgresServer provisioned() {
            var server = Chosen.SUPPLY.postgres();
            new ClusterProvisioner(server).provision();
            return server;
        }
    }

    private static final class Kafka {
        static final Broker BROKER = Chosen.SUPPLY.kafka();

        static {
            kafkaRuns = true;
        }
    }

    private static final class Azurite {
        static final BlobStorage STORAGE = Chosen.SUPPLY.azurite();
    }

    private static final class Keycloak {
        static final IdentityProvider PROVIDER =
                Chosen.SUPPLY.keycloak(postgres(), new Address("127.0.0.1", mail().smtpPort()));
    }

    private static final class Mail {
        static final MailSink SINK = new MailSink(place().data("mail"), 0, 0, Clock.systemUTC());
    }

    private static final class Ground {
        static final Place PLACE = prepared();

        private static Place prepared() {
            var place = new Place(Path.of("target/rig"));
            ProcessSupply.endLeftovers(place);
            Scratch.delete(place.root());
            return place;
        }
    }
}
