package dk.elleve.segments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The containers of a running compose project, as Docker tells it.
///
/// @param running by service name
record ComposeProject(String name, Map<String, Container> running) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SERVICE = "com.docker.compose.service";

    ComposeProject {
        running = Map.copyOf(running);
    }

    /// @param addresses of all its networks
    /// @param published ports of the container that the host hands on
    record Container(String id, String service, long process, List<String> addresses, List<Integer> published) {

        Container {
            addresses = List.copyOf(addresses);
            published = List.copyOf(published);
        }

        Namespace namespace() {
            return new Namespace(Path.of("/proc", Long.toString(process), "ns", "net"));
        }
    }

    /// @throws Refusal if Docker does not answer or nothing of that project runs
    static ComposeProject find(String name) {
        var ids = Shell.run(
                        List.of("docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project=" + name), "")
                .lines()
                .toList();
        if (ids.isEmpty()) {
            throw new Refusal("No container of the compose project " + name
                    + " runs; start it with `docker compose up`, or name another with --project.");
        }
        var command = new ArrayList<>(List.of("docker", "inspect"));
        command.addAll(ids);
        return parse(name, Shell.run(command, ""));
    }

    /// @param inspected what `docker inspect` prints
    static ComposeProject parse(String name, String inspected) {
        JsonNode all;
        try {
            all = JSON.readTree(inspected);
        } catch (JacksonException e) {
            throw new Refusal("`docker inspect` prints no JSON that can be read: " + e.getOriginalMessage(), e);
        }
        var running = new LinkedHashMap<String, Container>();
        for (var each : all) {
            var service = each.path("Config").path("Labels").path(SERVICE).asString("");
            var addresses = new TreeSet<String>();
            for (var network : each.path("NetworkSettings").path("Networks")) {
                var address = network.path("IPAddress").asString("");
                if (!address.isEmpty()) {
                    addresses.add(address);
                }
            }
            var published = new ArrayList<Integer>();
            for (var port : each.path("NetworkSettings").path("Ports").properties()) {
                if (port.getValue().size() > 0) {
                    published.add(Integer.parseInt(port.getKey().split("/")[0]));
                }
            }
            running.put(
                    service,
                    new Container(
                            each.path("Id").asString(),
                            service,
                            each.path("State").path("Pid").asLong(),
                            List.copyOf(addresses),
                            published));
        }
        return new ComposeProject(name, running);
    }

    Optional<Container> container(String service) {
        return Optional.ofNullable(running.get(service));
    }

    /// Where the project is not built as declared, before anything is probed.
    List<String> differences(Declaration declaration, Networks networks) {
        var wrong = new ArrayList<String>();
        for (var container : new TreeMap<>(running).values()) {
            var member = declaration.members().stream()
                    .filter(each -> each.name().equals(container.service()))
                    .findFirst();
            if (member.isEmpty()) {
                if (!container.addresses().isEmpty()) {
                    wrong.add(container.service() + " runs on a network and is not declared");
                }
                continue;
            }
            var declared = new TreeSet<String>();
            networks.of(member.get()).forEach(network -> declared.add(network.address(container.service())));
            if (!declared.equals(new TreeSet<>(container.addresses()))) {
                wrong.add(container.service() + " has the addresses " + String.join(", ", container.addresses())
                        + " and not " + String.join(", ", declared));
            }
            container.published().stream()
                    .filter(port -> !declaration.allows(Declaration.OUTSIDE, container.service(), port))
                    .forEach(port -> wrong.add(container.service() + ":" + port
                            + " is published and not declared as reached from outside"));
        }
        return wrong;
    }
}
