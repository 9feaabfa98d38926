package dk.elleve.segments;

import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Probe.Observation;
import dk.elleve.segments.Prober.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The declared networks as Docker would make them, without Docker: a namespace for the host with
/// all bridges, one for each member, one for a stranger outside. Somebody listens everywhere on
/// every probed port, so that only the rules decide.
final class NamespaceHouse implements AutoCloseable {

    static final String STRANGER = "198.51.100.2";
    private static final String STRANGERS_HOST = "198.51.100.1";

    private final Declaration declaration;
    private final Networks networks;
    private final String prefix = "els" + ProcessHandle.current().pid() + "-";
    private final List<String> names = new ArrayList<>();
    private final List<ServerSocketChannel> listeners = new ArrayList<>();

    NamespaceHouse(Declaration declaration) throws IOException {
        this.declaration = declaration;
        this.networks = Networks.of(declaration);
        build();
        listen();
    }

    /// Why it cannot be built here, if it cannot.
    static Optional<String> missing() throws IOException {
        for (var program : List.of("ip", "nft")) {
            if (Stream.of(System.getenv("PATH").split(":"))
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder, program)))) {
                return Optional.of("the program " + program + " is not installed");
            }
        }
        var name = "els" + ProcessHandle.current().pid() + "-try";
        if (run("", "ip", "netns", "add", name).status() != 0) {
            return Optional.of("making network namespaces needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN");
        }
        try {
            run("", "modprobe", "br_netfilter");
            if (run("", "ip", "netns", "exec", name, "sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=1")
                            .status()
                    != 0) {
                return Optional.of("the kernel has no br_netfilter, without which no rule sees a bridge's traffic");
            }
            if (run("table inet t {}", "ip", "netns", "exec", name, "nft", "-f", "-")
                            .status()
                    != 0) {
                return Optional.of("the kernel has no nf_tables");
            }
            return Optional.empty();
        } finally {
            must("", "ip", "netns", "del", name);
        }
    }

    private void build() throws IOException {
        var host = add(Probe.HOST);
        must(
                "",
                "ip",
                "netns",
                "exec",
                host,
                "sysctl",
                "-qw",
                "net.ipv4.ip_forward=1",
                "net.bridge.bridge-nf-call-iptables=1",
                "net.bridge.bridge-nf-call-ip6tables=1");
        var there = new StringBuilder("link set lo up\n");
        for (var network : networks.all()) {
            there.append("link add ").append(network.bridge()).append(" type bridge\n");
            there.append("addr add ").append(network.host()).append("/24 dev ").append(network.bridge());
            there.append("\nlink set ").append(network.bridge()).append(" up\n");
        }
        var outside = add(Declaration.OUTSIDE);
        there.append("link add up0 type veth peer name e0 netns ")
                .append(outside)
                .append('\n');
        there.append("addr add ").append(STRANGERS_HOST).append("/24 dev up0\nlink set up0 up\n");
        for (var member : declaration.members()) {
            var namespace = add(member.name());
            for (var network : networks.of(member)) {
                var outer = "v" + network.third() + "-" + member.number();
                there.append("link add ").append(outer).append(" type veth peer name ");
                there.append(inner(network)).append(" netns ").append(namespace).append('\n');
                there.append("link set ").append(outer).append(" master ").append(network.bridge());
                there.append("\nlink set ").append(outer).append(" up\n");
            }
        }
        must(there.toString(), "ip", "-n", host, "-batch", "-");
        must(
                "link set lo up\naddr add " + STRANGER + "/24 dev e0\nlink set e0 up\nroute add default via "
                        + STRANGERS_HOST + "\n",
                "ip",
                "-n",
                outside,
                "-batch",
                "-");
        for (var member : declaration.members()) {
            var inside = new StringBuilder("link set lo up\n");
            for (var network : networks.of(member)) {
                inside.append("addr add ")
                        .append(network.address(member.name()))
                        .append("/24 dev ");
                inside.append(inner(network))
                        .append("\nlink set ")
                        .append(inner(network))
                        .append(" up\n");
                if (network.outside()) {
                    inside.append("route add default via ")
                            .append(network.host())
                            .append('\n');
                }
            }
            must(inside.toString(), "ip", "-n", prefix + member.name(), "-batch", "-");
        }
    }

    private static String inner(Networks.Network network) {
        return "e" + network.third();
    }

    private String add(String name) throws IOException {
        var namespace = prefix + name;
        must("", "ip", "netns", "add", namespace);
        names.add(namespace);
        return namespace;
    }

    private void listen() {
        var ports = new TreeSet<>(declaration.ports());
        ports.addAll(Probe.SCANNED);
        declaration.endpoints().forEach(each -> ports.add(each.port()));
        for (var name : names) {
            listeners.addAll(new Namespace(Path.of("/run/netns", name)).inside(() -> {
                var all = new ArrayList<ServerSocketChannel>();
                for (int port : ports) {
                    // Nobody accepts: the kernel completes a connection by itself.
                    all.add(ServerSocketChannel.open(StandardProtocolFamily.INET)
                            .bind(new InetSocketAddress("0.0.0.0", port), 4096));
                }
                return all;
            }));
        }
    }

    Networks networks() {
        return networks;
    }

    /// Loads rules into the host's namespace, as `nft -f` does on a Docker host.
    void load(String rules) throws IOException {
        must(rules, "ip", "netns", "exec", prefix + Probe.HOST, "nft", "-f", "-");
    }

    /// What a program of the host's namespace says.
    String host(String... command) throws IOException {
        var all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + Probe.HOST));
        all.addAll(List.of(command));
        return must("", all.toArray(String[]::new));
    }

    <T> T in(String member, Callable<T> work) {
        return new Namespace(Path.of("/run/netns", prefix + member)).inside(work);
    }

    /// The whole matrix: from every member and from outside, to every member, to the host and to
    /// the outside.
    List<Observation> matrix() throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(8)) {
            var looks = new ArrayList<Future<List<Observation>>>();
            for (var member : declaration.members()) {
                var probes = new ArrayList<>(Probe.from(declaration, networks, member));
                probes.addAll(toOutside(member));
                looks.add(threads.submit(() -> in(member.name(), () -> Vantage.look(probes))));
            }
            looks.add(threads.submit(
                    () -> in(Declaration.OUTSIDE, () -> Vantage.look(Probe.fromOutside(declaration, networks)))));
            var all = new ArrayList<Observation>();
            for (var look : looks) {
                all.addAll(look.get());
            }
            return all;
        }
    }

    private static Collection<Probe> toOutside(Member member) {
        return List.of(443, 587, 22).stream()
                .map(port -> new Probe(member.name(), Declaration.OUTSIDE, new Target(STRANGER, port), false))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (var listener : listeners) {
            listener.close();
        }
        for (var name : names.reversed()) {
            must("", "ip", "netns", "del", name);
        }
    }

    private record Ended(int status, String output) {}

    private static String must(String input, String... command) throws IOException {
        var ended = run(input, command);
        if (ended.status() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + ended.status() + ": " + ended.output());
        }
        return ended.output();
    }

    private static Ended run(String input, String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            return new Ended(127, e.getMessage());
        }
        try {
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return new Ended(process.exitValue(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
