package dk.elleve.segments;

import dk.elleve.segments.Declaration.Flow;
import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Prober.Outcome;
import dk.elleve.segments.Prober.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// One connection to try, and what the declaration says of it.
///
/// @param to a member, or `host`
record Probe(String from, String to, Target target, boolean allowed) {

    /// The machine that all members run on.
    static final String HOST = "host";

    /// Ports that nobody declares and that hurt where they are open: shells, debuggers, Docker,
    /// other databases.
    static final List<Integer> SCANNED = List.of(22, 80, 443, 2375, 5005, 6379, 8443);

    /// Every address of every member and of the host: on the networks they share times every port
    /// that anybody declares and every scanned one, elsewhere times what the server serves.
    static List<Probe> from(Declaration declaration, Networks networks, Member client) {
        var all = new ArrayList<Probe>();
        for (var server : declaration.members()) {
            if (server.equals(client)) {
                continue;
            }
            for (var network : networks.of(server)) {
                var shared = network.addresses().containsKey(client.name());
                for (int port : shared ? everyPort(declaration) : server.ports().keySet()) {
                    // The same port on the same server, but by another network, is another way and not declared.
                    var allowed = !network.outside()
                            && network.owner().equals(server.name())
                            && declaration.allows(client.name(), server.name(), port);
                    all.add(new Probe(
                            client.name(), server.name(), new Target(network.address(server.name()), port), allowed));
                }
            }
        }
        for (var network : networks.of(client)) {
            for (int port : everyPort(declaration)) {
                all.add(new Probe(client.name(), HOST, new Target(network.host(), port), false));
            }
        }
        return all;
    }

    private static Set<Integer> everyPort(Declaration declaration) {
        var ports = new TreeSet<>(declaration.ports());
        ports.addAll(SCANNED);
        return ports;
    }

    /// The same from somewhere else: only what is published.
    static List<Probe> fromOutside(Declaration declaration, Networks networks) {
        var all = new ArrayList<Probe>();
        for (var server : declaration.members()) {
            for (var network : networks.of(server)) {
                for (int port : everyPort(declaration)) {
                    all.add(new Probe(
                            Declaration.OUTSIDE,
                            server.name(),
                            new Target(network.address(server.name()), port),
                            network.outside() && declaration.allows(Declaration.OUTSIDE, server.name(), port)));
                }
            }
        }
        return all;
    }

    /// What it would be if it were declared.
    String text() {
        return new Flow(from, to, target.port(), "").text();
    }

    Observation saw(Outcome outcome) {
        return new Observation(this, outcome);
    }

    /// A probe and what became of it.
    record Observation(Probe probe, Outcome outcome) {

        /// Declared and not open, or not declared and let through.
        boolean wrong() {
            return probe.allowed() ? outcome != Outcome.OPEN : outcome.arrived();
        }

        /// For the reader of a report.
        String text() {
            var way = probe.text() + " (" + probe.target().address() + ")";
            if (!wrong()) {
                return way + " as declared";
            }
            return probe.allowed()
                    ? way + " is declared, but "
                            + (outcome == Outcome.REFUSED ? "nobody listens" : "does not get through")
                    : way + " is not declared, but gets through"
                            + (outcome == Outcome.REFUSED ? " (nobody listens there)" : "");
        }
    }
}
