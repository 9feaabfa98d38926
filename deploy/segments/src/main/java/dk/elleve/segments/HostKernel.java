package dk.elleve.segments;

import dk.elleve.segments.ComposeProject.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The Docker host's firewall and connections: asked on this machine by root, or through the
/// container that loads the rules, which has the host's network and needs no root here.
final class HostKernel {

    private static final String GUARD = "segment-guard";

    private final List<String> prefix;
    private final String table;

    HostKernel(Declaration declaration, ComposeProject project) {
        this.prefix = project.container(GUARD)
                .map(Container::id)
                .map(id -> List.of("docker", "exec", id))
                .orElse(List.of());
        this.table = FirewallRules.table(declaration);
    }

    Traffic traffic(Networks networks) {
        return Traffic.read(
                networks, rules(), run("cat", "/proc/net/nf_conntrack").lines().toList());
    }

    private Optional<String> rules() {
        return run("nft", "list", "tables").lines().anyMatch(line -> line.equals("table inet " + table))
                ? Optional.of(run("nft", "-j", "list", "table", "inet", table))
                : Optional.empty();
    }

    /// The probes of this command are no news.
    void forgetDenied() {
        if (rules().isPresent()) {
            run("nft", "flush", "set", "inet", table, "denied");
        }
    }

    private String run(String... command) {
        var all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        return Shell.run(all, "");
    }
}
