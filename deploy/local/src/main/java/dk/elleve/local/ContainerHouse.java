package dk.elleve.local;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.KeycloakPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// The platform as `docker-compose.yml` describes it: members reach each other by name, on the ports their images have.
///
/// @param blobStorage the connection string of the storage account
/// @param dashboard the gateway as people's browsers name it
/// @param signIn Keycloak as people's browsers name it
record ContainerHouse(Secrets secrets, String blobStorage, String dashboard, String signIn) implements House {

    /// Where each member finds its settings.
    static final Path SETTINGS = Path.of("/etc/elleve");

    /// Where audit finds who is sent the log.
    static final Path RECEIVERS = Path.of("/run/elleve/receivers");

    static final Address KEYCLOAK = new Address("keycloak", 8080);
    static final int ACTUATOR = 9000;

    private static final int HTTP = 8080;

    /// On every network a member is in.
    static final String ANY = "0.0.0.0";

    @Override
    public PostgresServer database() {
        return new PostgresServer(new Address("postgres", 5432), secrets);
    }

    @Override
    public Path postgresPrograms() {
        return Path.of("/usr/lib/postgresql/18/bin");
    }

    @Override
    public String bootstrapServers() {
        return "kafka:9092";
    }

    @Override
    public Address smtp() {
        return new Address("mail", 1025);
    }

    @Override
    public Optional<Address> scanner() {
        return Optional.of(new Address("clamav", 3310));
    }

    @Override
    public String issuer() {
        return signIn + "/realms/" + KeycloakPart.REALM;
    }

    @Override
    public String realm() {
        return "http://" + KEYCLOAK + "/realms/" + KeycloakPart.REALM;
    }

    @Override
    public Address listens(Service service) {
        return new Address(ANY, HTTP);
    }

    @Override
    public OptionalInt actuatorPort() {
        return OptionalInt.of(ACTUATOR);
    }

    @Override
    public String url(Service service) {
        return "http://" + service.label() + ":" + HTTP;
    }

    @Override
    public Path folder(Service service) {
        return Path.of("/var/lib/elleve");
    }
}
