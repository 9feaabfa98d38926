package dk.elleve.segments;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who may talk to whom, as it stands in `segments.yaml`. What is not declared is denied.
///
/// @param name of the platform, of its firewall table and of its Kubernetes namespace
/// @param prefix the first two bytes of every address, such as `10.83`
record Declaration(
        String name,
        String prefix,
        List<Segment> segments,
        List<Member> members,
        List<Flow> flows,
        List<Endpoint> endpoints,
        List<Egress> egress) {

    /// Whoever reaches the host from somewhere else.
    static final String OUTSIDE = "outside";

    Declaration {
        segments = List.copyOf(segments);
        members = List.copyOf(members);
        flows = List.copyOf(flows);
        endpoints = List.copyOf(endpoints);
        egress = List.copyOf(egress);
    }

    /// @param purpose what its members have in common
    /// @param column where it stands in the diagram, from the left
    record Segment(String name, String purpose, int column) {}

    /// @param number its own network's and its own place in every network
    /// @param ports what it serves, with a word for each
    record Member(String name, String segment, int number, SortedMap<Integer, String> ports) {

        Member {
            ports = Collections.unmodifiableSortedMap(new TreeMap<>(ports));
        }

        boolean serves() {
            return !ports.isEmpty();
        }
    }

    /// A connection that may be opened, always TCP.
    ///
    /// @param from a member, or `outside`
    record Flow(String from, String to, int port, String reason) {

        boolean fromOutside() {
            return from.equals(OUTSIDE);
        }

        /// As it stands in rules, tables and reports.
        String text() {
            return from + "->" + to + ":" + port;
        }
    }

    /// Something outside the house that members may need.
    ///
    /// @param addresses IPv4, such as `10.40.1.4`; none: denied to all
    record Endpoint(String name, String host, int port, List<String> addresses) {

        Endpoint {
            addresses = List.copyOf(addresses);
        }

        boolean open() {
            return !addresses.isEmpty();
        }
    }

    record Egress(String from, Endpoint to, String reason) {

        String text() {
            return from + "->" + to.name() + ":" + to.port();
        }
    }

    Member member(String named) {
        return members.stream()
                .filter(each -> each.name().equals(named))
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no member " + named + " in the declaration."));
    }

    List<Member> of(Segment segment) {
        return members.stream()
                .filter(each -> each.segment().equals(segment.name()))
                .toList();
    }

    /// The flows between members, without those from outside.
    List<Flow> inside() {
        return flows.stream().filter(flow -> !flow.fromOutside()).toList();
    }

    List<Flow> to(Member server) {
        return flows.stream().filter(flow -> flow.to().equals(server.name())).toList();
    }

    List<Flow> from(Member client) {
        return flows.stream().filter(flow -> flow.from().equals(client.name())).toList();
    }

    /// What a member may open outside the house, as far as the endpoints have addresses.
    List<Egress> openEgress(Member client) {
        return egress.stream()
                .filter(each -> each.from().equals(client.name()) && each.to().open())
                .toList();
    }

    /// Whether it may open any of the member's ports.
    boolean allows(String from, Member to) {
        return to(to).stream().anyMatch(flow -> flow.from().equals(from));
    }

    boolean allows(String from, String to, int port) {
        return flows.stream()
                .anyMatch(flow -> flow.from().equals(from) && flow.to().equals(to) && flow.port() == port);
    }

    /// Every port that any member serves.
    SortedSet<Integer> ports() {
        var all = new TreeSet<Integer>();
        members.forEach(each -> all.addAll(each.ports().keySet()));
        return all;
    }

    /// The same declaration with other flows.
    Declaration with(List<Flow> other) {
        return new Declaration(name, prefix, segments, members, other, endpoints, egress);
    }
}
