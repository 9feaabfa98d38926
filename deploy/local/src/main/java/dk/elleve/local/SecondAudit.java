package dk.elleve.local;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.House;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.nio.file.Path;

/// The same house as a second instance of audit-service sees it: another port, another folder.
record SecondAudit(Installation first, int port) implements House {

    static final String NAME = "audit-second";

    static ServicePart part(Installation installation) {
        return new ServicePart(installation, new SecondAudit(installation, Ports.free()), Service.AUDIT, NAME);
    }

    @Override
    public Secrets secrets() {
        return first.secrets();
    }

    @Override
    public PostgresServer database() {
        return first.database();
    }

    @Override
    public Path postgresPrograms() {
        return first.postgresPrograms();
    }

    @Override
    public String bootstrapServers() {
        return first.bootstrapServers();
    }

    @Override
    public String blobStorage() {
        return first.blobStorage();
    }

    @Override
    public Address smtp() {
        return first.smtp();
    }

    @Override
    public String issuer() {
        return first.issuer();
    }

    @Override
    public Address listens(Service service) {
        return service == Service.AUDIT ? new Address("127.0.0.1", port) : first.listens(service);
    }

    @Override
    public Path folder(Service service) {
        return service == Service.AUDIT ? first.place().data(NAME) : first.folder(service);
    }
}
