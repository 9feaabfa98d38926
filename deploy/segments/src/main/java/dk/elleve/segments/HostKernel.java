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

    /// Asks for the one table only: an older nft may stumble over what newer ones wrote into others.
    private Optional<String> rules() {
        try {
            return Optional.of(run("nft", "-j", "list", "table", "inet", table));
        } catch (Refusal e) {
            if (String.valueOf(e.getMessage()).contains("No such file or directory")) {
                return Optional.empty();
            }
            throw e;
        }
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
