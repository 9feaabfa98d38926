package dk.elleve.segments;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the host's kernel saw: connections that exist, tries that were dropped, and the rules that
/// stand there.
///
/// @param rules the connections that loaded rules accept; absent where no rules are loaded
/// @param connected between members, or from outside to a member
/// @param denied tries of members
record Traffic(Optional<SortedSet<String>> rules, SortedSet<String> connected, SortedSet<String> denied) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern TUPLE = Pattern.compile("src=(\\S+) dst=(\\S+) sport=(\\d+) dport=(\\d+)");
    private static final int TRIED = 5;
    private static final int NAMES = 53;

    /// @param table what `nft -j list table` prints; empty where there is no such table
    /// @param conntrack the lines of `/proc/net/nf_conntrack`
    static Traffic read(Networks networks, Optional<String> table, List<String> conntrack) {
        var denied = new TreeSet<String>();
        var rules = new TreeSet<String>();
        for (var each : table.map(Traffic::parse).orElse(List.of())) {
            var rule = each.path("rule");
            if (accepts(rule) && rule.has("comment")) {
                rules.add(rule.path("comment").asString());
            } else if (accepts(rule) && !rule.path("expr").toString().contains("established")) {
                rules.add("a rule without a name in the chain "
                        + rule.path("chain").asString());
            }
            var set = each.path("set");
            if (set.path("name").asString("").equals("denied")) {
                for (var elem : set.path("elem")) {
                    denied(networks, elem.path("elem").path("val").path("concat"))
                            .ifPresent(denied::add);
                }
            }
        }
        var connected = new TreeSet<String>();
        conntrack.forEach(line -> connected(networks, line).ifPresent(connected::add));
        return new Traffic(table.map(present -> rules), connected, denied);
    }

    private static Collection<JsonNode> parse(String table) {
        try {
            return JSON.readTree(table).path("nftables").values();
        } catch (JacksonException e) {
            throw new Refusal("nft prints no JSON that can be read: " + e.getOriginalMessage(), e);
        }
    }

    private static boolean accepts(JsonNode rule) {
        return rule.path("expr").values().stream().anyMatch(expression -> expression.has("accept"));
    }

    /// A stranger's tries are his own affair; a member that tries what is not declared is news. Not
    /// so a question for a name to somewhere outside: Docker's resolver passes on, from inside the
    /// member, every name it does not know. It is dropped like the rest.
    private static Optional<String> denied(Networks networks, JsonNode tried) {
        if (tried.size() != TRIED) {
            return Optional.empty();
        }
        var protocol = tried.get(3).asString();
        if (tried.get(4).asInt() == NAMES
                && networks.whose(tried.get(2).asString()).isEmpty()) {
            return Optional.empty();
        }
        return networks.whose(tried.get(1).asString())
                .filter(from -> !from.equals(Probe.HOST))
                .map(from -> from + "->"
                        + networks.whose(tried.get(2).asString())
                                .orElse(tried.get(2).asString())
                        + ":" + tried.get(4).asInt() + (protocol.equals("tcp") ? "" : "/" + protocol));
    }

    /// The first half of a line is what the client asked for, the second what the server answers:
    /// behind a published port only the second names the member.
    private static Optional<String> connected(Networks networks, String line) {
        var match = TUPLE.matcher(line);
        if (!line.contains(" tcp ") && !line.contains(" udp ") || !match.find()) {
            return Optional.empty();
        }
        var client = match.group(1);
        if (!match.find()) {
            return Optional.empty();
        }
        return flow(networks, client, match, line.contains(" udp ") ? "/udp" : "");
    }

    private static Optional<String> flow(Networks networks, String client, Matcher answer, String protocol) {
        var server = networks.whose(answer.group(1));
        var from = networks.whose(client);
        if (from.equals(Optional.of(Probe.HOST)) || from.isEmpty() && server.isEmpty()) {
            return Optional.empty(); // the host itself, or nothing of ours
        }
        if (server.equals(Optional.of(Probe.HOST)) && from.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(from.orElse(Declaration.OUTSIDE) + "->" + server.orElse(answer.group(1)) + ":"
                + answer.group(3) + protocol);
    }

    /// What the declaration does not know, or what it says and the host does not.
    List<String> drift(Declaration declaration) {
        var known = new LinkedHashSet<String>();
        declaration.flows().forEach(flow -> known.add(flow.text()));
        declaration.members().stream()
                .flatMap(member -> declaration.openEgress(member).stream())
                .forEach(each -> known.add(each.text()));
        var drift = new LinkedHashSet<String>();
        if (rules.isEmpty()) {
            drift.add("no rules are loaded on this host");
        } else {
            var missing = new TreeSet<>(known);
            missing.removeAll(rules.get());
            missing.forEach(each -> drift.add("no rule for " + each));
            var extra = new TreeSet<>(rules.get());
            extra.removeAll(known);
            extra.forEach(each -> drift.add("a rule that is not declared: " + each));
        }
        var outward = Map.copyOf(addresses(declaration));
        connected.stream()
                .filter(each -> !known.contains(each) && !known.contains(outward.getOrDefault(each, "")))
                .forEach(each -> drift.add("connected, not declared: " + each));
        denied.forEach(each -> drift.add("tried and dropped: " + each));
        return List.copyOf(drift);
    }

    private static Map<String, String> addresses(Declaration declaration) {
        var all = new HashMap<String, String>();
        for (var member : declaration.members()) {
            for (var each : declaration.openEgress(member)) {
                each.to()
                        .addresses()
                        .forEach(address -> all.put(
                                member.name() + "->" + address + ":" + each.to().port(), each.text()));
            }
        }
        return all;
    }
}
