package dk.elleve.kit.test;

import dk.elleve.kit.test.part.Address;
import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.KafkaPart;
import dk.elleve.kit.test.part.KeycloakPart;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The parts as processes of this machine: no Docker, no root.
final class ProcessSupply implements Supply {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Parts parts = Parts.standard();
    private final Place place;
    private final Secrets secrets;
    private final List<Part> started = Collections.synchronizedList(new ArrayList<>());

    ProcessSupply(Place place, Secrets secrets) {
        this.place = place;
        this.secrets = secrets;
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "rig-stop"));
    }

    /// What the parts kept goes with them (gigabytes, that nobody reads again); their logs stay.
    private void end() {
        List.copyOf(started).reversed().forEach(Part::stop);
        if (!Scratch.failedEver()) {
            started.forEach(part -> Scratch.delete(place.data(part.name())));
        }
    }

    /// A run that was killed has left its processes.
    static void endLeftovers(Place place) {
        for (var name : List.of("postgres", "kafka", "azurite", "keycloak")) {
            new Daemon(name, place).stop("KILL", PATIENCE);
        }
    }

    @Override
    public PostgresServer postgres() {
        return started(new PostgresPart(parts, place, Ports.free(), secrets)).server();
    }

    @Override
    public Rig.Broker kafka() {
        return new Rig.Broker(
                started(new KafkaPart(parts, place, Ports.free(), Ports.free())).bootstrapServers());
    }

    @Override
    public Rig.BlobStorage azurite() {
        return new Rig.BlobStorage(
                started(new AzuritePart(parts, place, Ports.free())).connectionString());
    }

    @Override
    public Rig.IdentityProvider keycloak(PostgresServer database, Address smtp) {
        var ports = new KeycloakPart.PortsUsed(Ports.free(), Ports.free(), smtp.port());
        return new Rig.IdentityProvider(started(new KeycloakPart(parts, place, ports, database, secrets))
                .url());
    }

    private <P extends Part> P started(P part) {
        started.add(part);
        part.install();
        part.start();
        part.awaitReady(PATIENCE);
        return part;
    }
}
