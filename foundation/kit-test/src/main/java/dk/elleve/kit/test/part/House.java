package dk.elleve.kit.test.part;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Where everything in one installation is, as its services reach it. Asking for a part may start it, so settings ask
/// late.
public interface House {

    Secrets secrets();

    PostgresServer database();

    /// The folder with `postgres`, `initdb` and `pg_ctl`.
    Path postgresPrograms();

    String bootstrapServers();

    /// The connection string of the storage account.
    String blobStorage();

    Address smtp();

    /// Where the virus scanner listens, if there is one.
    default Optional<Address> scanner() {
        return Optional.empty();
    }

    /// The `iss` of tokens; Keycloak's realm as browsers know it.
    String issuer();

    /// The same realm as services reach it.
    default String realm() {
        return issuer();
    }

    /// Where the keys of the issuer are.
    default String jwkSet() {
        return realm() + "/protocol/openid-connect/certs";
    }

    /// Where the service listens; port 0 lets it choose.
    Address listens(Service service);

    /// Where health and metrics of every service are, if not on its own port.
    default OptionalInt actuatorPort() {
        return OptionalInt.empty();
    }

    /// Since when backups are signed, where there are some from before there was a key for it.
    default Optional<Instant> backupsSignedSince() {
        return Optional.empty();
    }

    /// Where the gateway finds the service.
    default String url(Service service) {
        return listens(service).http();
    }

    /// The gateway, as people's browsers know it.
    default String dashboard() {
        return url(Service.GATEWAY);
    }

    /// The service's own folder for what must survive it but is not in the database.
    Path folder(Service service);
}
