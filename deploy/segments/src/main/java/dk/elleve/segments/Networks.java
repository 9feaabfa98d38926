package dk.elleve.segments;

import dk.elleve.segments.Declaration.Member;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The networks that a declaration needs: one for each member that others connect to, with its
/// clients and nobody else, and one without other members for each member that is reached from
/// outside or goes there.
record Networks(List<Network> all) {

    /// The kernel's IFNAMSIZ without the closing zero.
    static final int LONGEST_BRIDGE = 15;

    private static final int OUTSIDE_FROM = 128;

    Networks {
        all = List.copyOf(all);
    }

    /// @param owner whom it serves
    /// @param outside whether it has a way out of the host; then nobody but its owner is on it
    /// @param masquerade whether what leaves gets the host's address; only where something may
    /// leave
    /// @param third the third byte of its addresses
    /// @param addresses of all members on it, the owner first
    record Network(
            String name,
            String bridge,
            String owner,
            boolean outside,
            boolean masquerade,
            String prefix,
            int third,
            Map<String, String> addresses) {

        Network {
            addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
        }

        String subnet() {
            return prefix + "." + third + ".0/24";
        }

        /// The host's own address.
        String host() {
            return prefix + "." + third + ".1";
        }

        /// @throws Refusal if the member is not on it
        String address(String member) {
            var address = addresses.get(member);
            if (address == null) {
                throw new Refusal(member + " is not on the network " + name + ".");
            }
            return address;
        }
    }

    static Networks of(Declaration declaration) {
        var all = new ArrayList<Network>();
        for (var member : declaration.members()) {
            var published = declaration.allows(Declaration.OUTSIDE, member);
            var leaves = !declaration.openEgress(member).isEmpty();
            if (published || leaves) {
                all.add(network(declaration, member, true, leaves, List.of(member)));
            }
            var clients = new LinkedHashSet<Member>();
            clients.add(member);
            declaration.to(member).stream()
                    .filter(flow -> !flow.fromOutside())
                    .forEach(flow -> clients.add(declaration.member(flow.from())));
            if (clients.size() > 1) {
                all.add(network(declaration, member, false, false, List.copyOf(clients)));
            }
        }
        return new Networks(all);
    }

    private static Network network(
            Declaration declaration, Member owner, boolean outside, boolean masquerade, List<Member> members) {
        var third = outside ? OUTSIDE_FROM + owner.number() : owner.number();
        var addresses = new LinkedHashMap<String, String>();
        members.forEach(each -> addresses.put(each.name(), declaration.prefix() + "." + third + "." + each.number()));
        return new Network(
                outside ? "outside-" + owner.name() : owner.name(),
                outside ? outsideBridge(owner.name()) : bridge(owner.name()),
                owner.name(),
                outside,
                masquerade,
                declaration.prefix(),
                third,
                addresses);
    }

    static String bridge(String member) {
        return "el-" + member;
    }

    static String outsideBridge(String member) {
        return "elo-" + member;
    }

    /// The networks a member is on.
    List<Network> of(Member member) {
        return all.stream()
                .filter(each -> each.addresses().containsKey(member.name()))
                .toList();
    }

    /// Where a member meets its clients.
    Network serving(String owner) {
        return find(owner, false);
    }

    /// Where a member meets the outside.
    Network outside(String owner) {
        return find(owner, true);
    }

    private Network find(String owner, boolean outside) {
        return all.stream()
                .filter(each -> each.owner().equals(owner) && each.outside() == outside)
                .findFirst()
                .orElseThrow(() -> new Refusal("There is no such network of " + owner + "."));
    }

    /// Which member has an address, or `host`.
    Optional<String> whose(String address) {
        for (var network : all) {
            if (network.host().equals(address)) {
                return Optional.of(Probe.HOST);
            }
            for (var each : network.addresses().entrySet()) {
                if (each.getValue().equals(address)) {
                    return Optional.of(each.getKey());
                }
            }
        }
        return Optional.empty();
    }
}
