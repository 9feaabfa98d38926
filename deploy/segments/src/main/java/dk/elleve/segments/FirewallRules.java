package dk.elleve.segments;

import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Networks.Network;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The rules of the Docker host, for `nft -f`. They hold for packets that come from or go to one of
/// the platform's bridges and leave all others alone; loading them again replaces them in one step
/// and keeps open connections.
///
/// Members of one bridge talk past the host's routing; `br_netfilter`, which Docker switches on,
/// shows that traffic to the forward hook all the same.
final class FirewallRules {

    private static final String SET_INDENT = ",\n      ";

    private final Declaration declaration;
    private final Networks networks;
    private final StringBuilder out = new StringBuilder();

    private FirewallRules(Declaration declaration) {
        this.declaration = declaration;
        this.networks = Networks.of(declaration);
    }

    static String render(Declaration declaration) {
        return new FirewallRules(declaration).render();
    }

    /// The table's name in the kernel.
    static String table(Declaration declaration) {
        return declaration.name().replace('-', '_') + "_segments";
    }

    private String render() {
        var table = table(declaration);
        out.append(Rendered.notice("#"));
        out.append("# The first two lines make loading the file a second time the same as the first.\n");
        out.append("table inet ").append(table).append(" {}\n");
        out.append("delete table inet ").append(table).append("\n\n");
        out.append("table inet ").append(table).append(" {\n");
        bridges();
        denied();
        hooks();
        members();
        for (var member : declaration.members()) {
            to(member);
            egress(member);
        }
        host();
        refused();
        out.append("}\n");
        return out.toString();
    }

    private void bridges() {
        line("  set bridges {");
        line("    type ifname");
        line("    elements = {");
        line("      "
                + networks.all().stream()
                        .map(network -> quoted(network.bridge()))
                        .collect(Collectors.joining(SET_INDENT)));
        line("    }");
        line("  }");
        line("");
    }

    private void denied() {
        line("  # Who tried what is not declared, for a day; segment-probe reads it.");
        line("  set denied {");
        line("    type ifname . ipv4_addr . ipv4_addr . inet_proto . inet_service");
        line("    size 4096");
        line("    flags dynamic, timeout");
        line("    timeout 25h");
        line("    counter");
        line("  }");
        line("");
    }

    private void hooks() {
        line("  chain forward {");
        line("    type filter hook forward priority filter - 10; policy accept;");
        line("    iifname @bridges goto members");
        line("    oifname @bridges goto members");
        line("  }");
        line("");
        line("  chain input {");
        line("    type filter hook input priority filter - 10; policy accept;");
        line("    iifname @bridges goto host");
        line("  }");
        line("");
    }

    private void members() {
        line("  chain members {");
        line("    ct state established,related accept");
        line("    ct state invalid counter drop");
        line("    oifname vmap {");
        line("      "
                + networks.all().stream()
                        .filter(network -> !network.outside()
                                || declaration.allows(Declaration.OUTSIDE, declaration.member(network.owner())))
                        .map(network -> quoted(network.bridge()) + " : jump " + chain("to", network))
                        .collect(Collectors.joining(SET_INDENT)));
        line("    }");
        var leaving = declaration.members().stream()
                .filter(member -> !declaration.openEgress(member).isEmpty())
                .map(member -> networks.outside(member.name()))
                .map(network -> quoted(network.bridge()) + " : jump " + chain("egress", network))
                .toList();
        if (!leaving.isEmpty()) {
            line("    iifname vmap {");
            line("      " + String.join(SET_INDENT, leaving));
            line("    }");
        }
        line("    goto refused");
        line("  }");
        line("");
    }

    private void to(Member server) {
        var inside = declaration.to(server).stream()
                .filter(flow -> !flow.fromOutside())
                .toList();
        var outside = declaration.to(server).stream()
                .filter(Declaration.Flow::fromOutside)
                .toList();
        if (!outside.isEmpty()) {
            var network = networks.outside(server.name());
            line("  chain " + chain("to", network) + " {");
            outside.forEach(flow -> line("    iifname != @bridges ip daddr " + network.address(server.name())
                    + " tcp dport " + flow.port() + accept(flow.text())));
            line("  }");
            line("");
        }
        if (!inside.isEmpty()) {
            var network = networks.serving(server.name());
            line("  chain " + chain("to", network) + " {");
            inside.forEach(flow -> line("    iifname " + quoted(network.bridge()) + " ip saddr "
                    + network.address(flow.from()) + " ip daddr " + network.address(server.name()) + " tcp dport "
                    + flow.port() + accept(flow.text())));
            line("  }");
            line("");
        }
    }

    private void egress(Member client) {
        var open = declaration.openEgress(client);
        if (open.isEmpty()) {
            return;
        }
        var network = networks.outside(client.name());
        line("  chain " + chain("egress", network) + " {");
        open.forEach(each -> line("    oifname != @bridges ip saddr " + network.address(client.name()) + " ip daddr "
                + addresses(each.to().addresses()) + " tcp dport " + each.to().port() + accept(each.text())));
        line("  }");
        line("");
    }

    private static String addresses(List<String> all) {
        return "{ " + String.join(", ", all) + " }";
    }

    private void host() {
        line("  # Members never need the host itself: names are answered inside each of them.");
        line("  chain host {");
        line("    ct state established,related accept");
        line("    goto refused");
        line("  }");
        line("");
    }

    private void refused() {
        line("  chain refused {");
        answers();
        line("    counter");
        line("    meta l4proto { tcp, udp } "
                + "update @denied { iifname . ip saddr . ip daddr . meta l4proto . th dport }");
        line("    limit rate 5/second burst 20 packets log prefix " + quoted(declaration.name() + "-denied ")
                + " level info");
        line("    drop");
        line("  }");
    }

    /// The kernel forgets a connection when Docker starts a member of it anew, or when both were silent for
    /// days. The packets that its server still sends look like a beginning then, to a port that nobody
    /// declared. They open nothing, for without SYN alone no connection begins, and are no try.
    private void answers() {
        line("    # Answers on connections that the kernel has forgotten.");
        var inside = declaration.flows().stream()
                .filter(flow -> !flow.fromOutside())
                .map(flow -> {
                    var network = networks.serving(flow.to());
                    return network.address(flow.to()) + " . " + network.address(flow.from()) + " . " + flow.port();
                });
        var outside = declaration.flows().stream()
                .filter(Declaration.Flow::fromOutside)
                .map(flow -> networks.outside(flow.to()).address(flow.to()) + " . " + flow.port());
        unlessOpening("ip saddr . ip daddr . tcp sport", inside);
        unlessOpening("oifname != @bridges ip saddr . tcp sport", outside);
    }

    private void unlessOpening(String what, Stream<String> answers) {
        var elements = answers.collect(Collectors.joining(SET_INDENT));
        if (!elements.isEmpty()) {
            line("    " + what + " {");
            line("      " + elements);
            line("    } tcp flags & (syn | ack) != syn counter drop");
        }
    }

    private static String chain(String what, Network network) {
        return what + "_" + network.name().replace('-', '_');
    }

    private static String accept(String comment) {
        return " counter accept comment " + quoted(comment);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
