package dk.elleve.segments;

import java.util.LinkedHashMap;

/// The networks of a compose project: which services are on which, with fixed addresses, so that
/// rules can name them.
final class ComposeFile {

    private ComposeFile() {}

    static String render(Declaration declaration) {
        var networks = Networks.of(declaration);
        var out = new StringBuilder(Rendered.notice("#"));
        out.append("services:\n");
        for (var member : declaration.members()) {
            out.append("  ").append(member.name()).append(":\n");
            if (networks.of(member).isEmpty()) {
                out.append("    network_mode: none\n"); // nobody may reach it, and it nobody
                continue;
            }
            out.append("    networks:\n");
            for (var network : networks.of(member)) {
                out.append("      ").append(network.name()).append(":\n");
                out.append("        ipv4_address: ")
                        .append(network.address(member.name()))
                        .append('\n');
            }
            var hosts = hosts(declaration, networks, member.name());
            if (!hosts.isEmpty()) {
                // Docker's resolver may answer with the address in any network that two members share; only the one in
                // the server's own network is open.
                out.append("    extra_hosts:\n");
                hosts.forEach((host, address) -> out.append("      - ")
                        .append(host)
                        .append(':')
                        .append(address)
                        .append('\n'));
            }
        }
        out.append("\nnetworks:\n");
        for (var network : networks.all()) {
            out.append("  ").append(network.name()).append(":\n    driver: bridge\n");
            if (!network.outside()) {
                out.append("    internal: true\n");
            }
            out.append("    driver_opts:\n      com.docker.network.bridge.name: ")
                    .append(network.bridge())
                    .append('\n');
            if (network.outside()) {
                out.append("      com.docker.network.bridge.enable_ip_masquerade: \"")
                        .append(network.masquerade())
                        .append("\"\n");
            }
            out.append("    ipam:\n      config:\n        - subnet: ")
                    .append(network.subnet())
                    .append("\n          gateway: ")
                    .append(network.host())
                    .append('\n');
        }
        return out.toString();
    }

    /// Where a member finds those it may talk to.
    static LinkedHashMap<String, String> hosts(Declaration declaration, Networks networks, String member) {
        var client = declaration.member(member);
        var hosts = new LinkedHashMap<String, String>();
        declaration
                .from(client)
                .forEach(
                        flow -> hosts.put(flow.to(), networks.serving(flow.to()).address(flow.to())));
        declaration
                .openEgress(client)
                .forEach(each ->
                        hosts.put(each.to().host(), each.to().addresses().getFirst()));
        return hosts;
    }
}
