package dk.elleve.segments;

import dk.elleve.segments.Declaration.Egress;
import dk.elleve.segments.Declaration.Endpoint;
import dk.elleve.segments.Declaration.Flow;
import dk.elleve.segments.Declaration.Member;
import dk.elleve.segments.Declaration.Segment;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/// Reads `segments.yaml` and believes nothing: whatever the file does not say clearly is refused,
/// with its line.
final class DeclarationReader {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");
    private static final Pattern SUBNETS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.0\\.0/16");
    private static final Pattern ADDRESS =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)");
    private static final Pattern HOST = Pattern.compile("([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}");

    /// The highest number that leaves room for a second network of the same member.
    private static final int LAST_NUMBER = 127;

    private final String file;

    private DeclarationReader(String file) {
        this.file = file;
    }

    /// @param file its name, for the sentence that says what is wrong
    /// @throws Refusal with one sentence and the line
    static Declaration read(String file, String text) {
        return new DeclarationReader(file).read(text);
    }

    private Declaration read(String text) {
        var top = fields(
                root(text),
                "the file",
                Set.of("name", "subnets", "segments", "members", "flows", "endpoints", "egress"),
                Set.of("endpoints", "egress"));
        var name = name(need(top, "name"), "The platform");
        var prefix = prefix(need(top, "subnets"));
        var segments = segments(need(top, "segments"));
        var members = members(need(top, "members"), segments);
        var flows = flows(need(top, "flows"), members);
        var endpoints = top.containsKey("endpoints")
                ? endpoints(need(top, "endpoints"))
                : new LinkedHashMap<String, Endpoint>();
        var egress =
                top.containsKey("egress") ? egress(need(top, "egress"), members, endpoints) : new ArrayList<Egress>();
        return new Declaration(
                name,
                prefix,
                List.copyOf(segments.values()),
                List.copyOf(members.values()),
                flows,
                List.copyOf(endpoints.values()),
                egress);
    }

    private Node root(String text) {
        try {
            var node = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (node == null) {
                throw new Refusal(file + ": the file is empty.");
            }
            return node;
        } catch (MarkedYAMLException e) {
            var line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw new Refusal(file + ":" + line + ": this is not YAML: " + e.getProblem() + ".", e);
        } catch (YAMLException e) {
            throw new Refusal(file + ": this is not YAML: " + e.getMessage(), e);
        }
    }

    private String prefix(Node node) {
        var text = text(node, "subnets");
        var match = SUBNETS.matcher(text);
        if (!match.matches() || Integer.parseInt(match.group(1)) > 223 || Integer.parseInt(match.group(2)) > 255) {
            throw wrong(node, "subnets must read like 10.83.0.0/16, not " + text);
        }
        return match.group(1) + "." + match.group(2);
    }

    private Map<String, Segment> segments(Node node) {
        var all = new LinkedHashMap<String, Segment>();
        entries(node, "segments").forEach((key, value) -> {
            var name = name(key, "A segment");
            var fields = fields(value, "segment " + name, Set.of("purpose", "column"), Set.of());
            all.put(
                    name,
                    new Segment(
                            name,
                            text(need(fields, "purpose"), "the purpose of segment " + name),
                            number(need(fields, "column"), "the column of " + name, 1, 9)));
        });
        return all;
    }

    private Map<String, Member> members(Node node, Map<String, Segment> segments) {
        var all = new LinkedHashMap<String, Member>();
        var numbers = new HashMap<Integer, String>();
        entries(node, "members").forEach((key, value) -> {
            var name = name(key, "A member");
            if (name.equals(Declaration.OUTSIDE)) {
                throw wrong(key, "no member can be called " + name + ": that is everybody else");
            }
            var fields = fields(value, "member " + name, Set.of("segment", "number", "ports"), Set.of("ports"));
            var segment = text(need(fields, "segment"), "the segment of " + name);
            if (!segments.containsKey(segment)) {
                throw wrong(need(fields, "segment"), "member " + name + " is in the unknown segment " + segment);
            }
            var number = number(need(fields, "number"), "the number of " + name, 2, LAST_NUMBER);
            var other = numbers.put(number, name);
            if (other != null) {
                throw wrong(need(fields, "number"), "members " + other + " and " + name + " have the same number");
            }
            var ports = new TreeMap<Integer, String>();
            if (fields.containsKey("ports")) {
                entries(need(fields, "ports"), "the ports of " + name)
                        .forEach((port, word) -> ports.put(port(port, name), text(word, "the port's use")));
            }
            all.put(name, new Member(name, segment, number, ports));
            if (!ports.isEmpty()) {
                fits(Networks.bridge(name), key);
            }
        });
        return all;
    }

    private List<Flow> flows(Node node, Map<String, Member> members) {
        var all = new ArrayList<Flow>();
        var seen = new HashMap<String, Integer>();
        for (var each : items(node, "flows")) {
            var fields = fields(each, "a flow", Set.of("from", "to", "reason"), Set.of());
            var reason = text(need(fields, "reason"), "the reason of the flow");
            for (var from : oneOrMore(need(fields, "from"), "from")) {
                var client = text(from, "from");
                if (!client.equals(Declaration.OUTSIDE) && !members.containsKey(client)) {
                    throw wrong(from, "a flow comes from the unknown member " + client);
                }
                for (var to : oneOrMore(need(fields, "to"), "to")) {
                    var flow = flow(client, to, members, reason);
                    var line = seen.putIfAbsent(flow.text(), line(to));
                    if (line != null) {
                        throw wrong(to, "the flow " + flow.text() + " stands already in line " + line);
                    }
                    all.add(flow);
                }
            }
        }
        return all;
    }

    private Flow flow(String client, Node to, Map<String, Member> members, String reason) {
        var text = text(to, "to");
        var colon = text.indexOf(':');
        if (colon < 0) {
            throw wrong(to, "a flow goes to a member and a port, such as postgres:5432, not to " + text);
        }
        var server = members.get(text.substring(0, colon));
        if (server == null) {
            throw wrong(to, "a flow goes to the unknown member " + text.substring(0, colon));
        }
        if (server.name().equals(client)) {
            throw wrong(to, "a flow of " + client + " to itself never reaches a network");
        }
        var port = port(text.substring(colon + 1), to, text);
        if (!server.ports().containsKey(port)) {
            throw wrong(to, "the port " + port + " is not among the declared ports of " + server.name());
        }
        if (client.equals(Declaration.OUTSIDE)) {
            fits(Networks.outsideBridge(server.name()), to);
        }
        return new Flow(client, server.name(), port, reason);
    }

    private Map<String, Endpoint> endpoints(Node node) {
        var all = new LinkedHashMap<String, Endpoint>();
        entries(node, "endpoints").forEach((key, value) -> {
            var name = name(key, "An endpoint");
            var fields = fields(value, "endpoint " + name, Set.of("host", "port", "addresses"), Set.of());
            var host = text(need(fields, "host"), "the host of " + name);
            if (!HOST.matcher(host).matches()) {
                throw wrong(need(fields, "host"), "the endpoint " + name + " has no host name: " + host);
            }
            var addresses = new ArrayList<String>();
            for (var each : items(need(fields, "addresses"), "the addresses of " + name)) {
                var address = text(each, "an address");
                if (!ADDRESS.matcher(address).matches()) {
                    throw wrong(each, "an address of " + name + " is not IPv4: " + address);
                }
                addresses.add(address);
            }
            all.put(name, new Endpoint(name, host, port(need(fields, "port"), name), addresses));
        });
        return all;
    }

    private List<Egress> egress(Node node, Map<String, Member> members, Map<String, Endpoint> endpoints) {
        var all = new ArrayList<Egress>();
        var seen = new HashMap<String, Integer>();
        for (var each : items(node, "egress")) {
            var fields = fields(each, "an egress", Set.of("from", "to", "reason"), Set.of());
            var reason = text(need(fields, "reason"), "the reason of the egress");
            var endpoint = endpoints.get(text(need(fields, "to"), "to"));
            if (endpoint == null) {
                throw wrong(
                        need(fields, "to"), "an egress goes to the unknown endpoint " + text(need(fields, "to"), "to"));
            }
            for (var from : oneOrMore(need(fields, "from"), "from")) {
                var member = members.get(text(from, "from"));
                if (member == null) {
                    throw wrong(from, "an egress comes from the unknown member " + text(from, "from"));
                }
                fits(Networks.outsideBridge(member.name()), from);
                var egress = new Egress(member.name(), endpoint, reason);
                var line = seen.putIfAbsent(egress.text(), line(from));
                if (line != null) {
                    throw wrong(from, "the egress " + egress.text() + " stands already in line " + line);
                }
                all.add(egress);
            }
        }
        return all;
    }

    /// A mapping whose keys are all known and, but for the optional ones, all there.
    private Map<String, Node> fields(Node node, String of, Set<String> known, Set<String> optional) {
        var all = new LinkedHashMap<String, Node>();
        entries(node, of).forEach((key, value) -> {
            if (!known.contains(key.getValue())) {
                throw wrong(key, "unknown key " + key.getValue() + " in " + of + "; known are " + sorted(known));
            }
            all.put(key.getValue(), value);
        });
        for (var each : new TreeSet<>(known)) {
            if (!all.containsKey(each) && !optional.contains(each)) {
                throw wrong(node, of + " has no " + each);
            }
        }
        return all;
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }

    private Map<ScalarNode, Node> entries(Node node, String of) {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong(node, of + " must be a list of `key: value`");
        }
        var all = new LinkedHashMap<ScalarNode, Node>();
        var seen = new HashMap<String, Integer>();
        for (var tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw wrong(tuple.getKeyNode(), "a key of " + of + " must be a word");
            }
            var line = seen.putIfAbsent(key.getValue(), line(key));
            if (line != null) {
                throw wrong(key, key.getValue() + " stands already in line " + line);
            }
            all.put(key, tuple.getValueNode());
        }
        return all;
    }

    private List<Node> items(Node node, String of) {
        if (!(node instanceof SequenceNode sequence)) {
            throw wrong(node, of + " must be a list");
        }
        return sequence.getValue();
    }

    private List<Node> oneOrMore(Node node, String of) {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(node);
        }
        if (sequence.getValue().isEmpty()) {
            throw wrong(node, of + " names nobody");
        }
        return sequence.getValue();
    }

    private String text(Node node, String of) {
        if (!(node instanceof ScalarNode scalar) || scalar.getValue().isBlank()) {
            throw wrong(node, of + " is empty or no text");
        }
        return scalar.getValue().strip();
    }

    private String name(Node node, String of) {
        var text = text(node, of);
        if (!NAME.matcher(text).matches()) {
            throw wrong(node, of + " has lower-case letters, digits and hyphens in its name, not " + text);
        }
        return text;
    }

    private int port(Node node, String of) {
        return number(node, "a port of " + of, 1, 65535);
    }

    private int port(String text, Node at, String whole) {
        if (!text.matches("[1-9]\\d{0,4}") || Integer.parseInt(text) > 65535) {
            throw wrong(at, "a flow goes to a member and a port, such as postgres:5432, not to " + whole);
        }
        return Integer.parseInt(text);
    }

    private int number(Node node, String of, int least, int most) {
        var text = text(node, of);
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw wrong(node, of + " must be a number from " + least + " to " + most + ", not " + text);
        }
        return Integer.parseInt(text);
    }

    private void fits(String bridge, Node at) {
        if (bridge.length() > Networks.LONGEST_BRIDGE) {
            throw wrong(at, "the bridge name " + bridge + " would be longer than the kernel's 15 letters");
        }
    }

    private static Node need(Map<String, Node> fields, String key) {
        var node = fields.get(key);
        if (node == null) {
            throw new IllegalStateException("fields() lets no mapping without " + key + " through");
        }
        return node;
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private Refusal wrong(Node node, String what) {
        return new Refusal(file + ":" + line(node) + ": " + what + ".");
    }
}
