package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.kit.test.Eventually;
import dk.elleve.segments.Probe.Observation;
import dk.elleve.segments.Prober.Outcome;
import dk.elleve.segments.Prober.Target;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rendered rules in the kernel: every pair, every declared port and a scan of others, by every
/// network.
class ReachabilityTest {

    static final Declaration DECLARATION = RenderedTest.declaration();
    static final String RULES = FirewallRules.render(DECLARATION);

    /// How long the kernel remembers a connection on which nothing is said, in seconds.
    static final String ESTABLISHED = "net.netfilter.nf_conntrack_tcp_timeout_established";

    static NamespaceHouse house;

    @BeforeAll
    static void build() throws Exception {
        var missing = NamespaceHouse.missing();
        assumeTrue(missing.isEmpty(), () -> "Skipped: " + missing.orElseThrow() + ".");
        house = new NamespaceHouse(DECLARATION);
    }

    @AfterAll
    static void tearDown() throws Exception {
        if (house != null) {
            house.close();
        }
    }

    /// Without this, a house in which nothing works would look well guarded.
    @Test
    void without_rules_everybody_on_a_network_reaches_everybody_on_it() throws Exception {
        house.load("flush ruleset");

        var seen = house.matrix();

        assertThat(seen).hasSizeGreaterThan(4_000);
        assertThat(seen.stream().filter(ReachabilityTest::onOneNetwork))
                .hasSizeGreaterThan(2_000)
                .allMatch(each -> each.outcome() == Outcome.OPEN);
        assertThat(open(seen, "gateway", Declaration.OUTSIDE, 443)).isTrue();
        assertThat(open(seen, Declaration.OUTSIDE, "gateway", 9000)).isTrue();
        assertThat(open(seen, "breach", Probe.HOST, 22)).isTrue();
    }

    @Test
    void with_the_rendered_rules_exactly_the_declared_connections_can_be_made() throws Exception {
        house.load(RULES);

        var seen = house.matrix();

        assertThat(seen.stream().filter(Observation::wrong).map(Observation::text))
                .isEmpty();
        assertThat(seen.stream().filter(each -> each.outcome() == Outcome.OPEN))
                .hasSize(DECLARATION.flows().size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutations")
    void a_rule_that_is_wrong_is_caught(String what, String rules, String caught) throws Exception {
        assertThat(rules).isNotEqualTo(RULES);
        house.load(rules);

        var wrong = house.matrix().stream()
                .filter(Observation::wrong)
                .map(each -> each.probe().text());

        assertThat(wrong).contains(caught);
    }

    static Stream<Arguments> mutations() {
        return Stream.of(
                Arguments.of(
                        "one more connection",
                        RULES.replace(
                                "  chain to_kafka {\n",
                                "  chain to_kafka {\n"
                                        + "    ip saddr 10.83.61.11 ip daddr 10.83.61.21 tcp dport 8080 accept\n"),
                        "gateway->identity:8080"),
                Arguments.of(
                        "accepted by default", RULES.replace("    drop\n", "    accept\n"), "postgres->audit:5432"),
                Arguments.of("a lost rule", without("audit->postgres:5432"), "audit->postgres:5432"),
                Arguments.of("a connection turned round", turned("gateway->identity:8080"), "identity->gateway:8080"),
                Arguments.of(
                        "any port of a server",
                        RULES.replace(
                                " tcp dport 5432 counter accept comment \"keycloak", " counter accept comment \"k"),
                        "keycloak->postgres:22"),
                Arguments.of(
                        "members may use published ports",
                        RULES.replace("iifname != @bridges ip daddr 10.83.199.71", "ip daddr 10.83.199.71"),
                        "grafana->keycloak:8080"),
                Arguments.of(
                        "the host is open to members",
                        RULES.replace("    iifname @bridges goto host\n", ""),
                        "breach->host:22"),
                Arguments.of(
                        "one bridge is forgotten", RULES.replaceFirst("\"el-postgres\",\n", ""), "audit->postgres:22"));
    }

    private static String without(String flow) {
        return RULES.replaceFirst("(?m)^.*comment \"" + Pattern.quote(flow) + "\"\n", "");
    }

    private static String turned(String flow) {
        return RULES.replaceFirst(
                "ip saddr (\\S+) ip daddr (\\S+)( tcp dport \\d+ counter accept comment \"" + Pattern.quote(flow)
                        + "\")",
                "ip saddr $2 ip daddr $1$3");
    }

    @Test
    void loading_the_rules_again_keeps_connections_that_are_open() throws Exception {
        var server = house.networks().serving("kafka").address("kafka");
        try (var listener =
                house.in("kafka", () -> ServerSocketChannel.open().bind(new InetSocketAddress(server, 29092)))) {
            house.load(RULES.replace(
                    "  chain to_kafka {\n",
                    "  chain to_kafka {\n    ip daddr " + server + " tcp dport 29092 accept\n"));
            try (var client = house.in("audit", () -> SocketChannel.open(new InetSocketAddress(server, 29092)));
                    var accepted = listener.accept()) {
                house.load(RULES);
                client.write(ByteBuffer.wrap(new byte[] {42}));
                var heard = ByteBuffer.allocate(1);
                accepted.read(heard);

                assertThat(heard.get(0)).isEqualTo((byte) 42);
            }
        }
    }

    @Test
    void what_a_server_says_on_a_connection_that_the_kernel_has_forgotten_is_dropped_and_no_try() throws Exception {
        var server = house.networks().serving("kafka").address("kafka");
        var client = house.networks().serving("kafka").address("audit");
        var remembered = house.host("sysctl", "-n", ESTABLISHED).strip();
        house.host("sysctl", "-qw", ESTABLISHED + "=1");
        house.load(RULES.replace("9092", "29092"));
        try (var listener =
                        house.in("kafka", () -> ServerSocketChannel.open().bind(new InetSocketAddress(server, 29092)));
                var asking = house.in("audit", () -> SocketChannel.open(new InetSocketAddress(server, 29092)));
                var answering = listener.accept()) {
            var port = ((InetSocketAddress) asking.getLocalAddress()).getPort();
            Eventually.eventually(
                    "the kernel has forgotten it",
                    Duration.ofSeconds(30),
                    () -> assertThat(house.host("cat", "/proc/net/nf_conntrack").lines())
                            .noneMatch(line -> line.contains("sport=" + port + " dport=29092 ")));

            answering.write(ByteBuffer.wrap(new byte[] {42}));

            var dropped = Pattern.compile(
                    Pattern.quote(server + " . " + client + " . 29092") + ".*} tcp flags .* counter packets [1-9]");
            Eventually.eventually(
                    "it was dropped",
                    Duration.ofSeconds(30),
                    () -> assertThat(house.host("nft", "list", "table", "inet", FirewallRules.table(DECLARATION)))
                            .containsPattern(dropped));
            assertThat(traffic().denied()).isEmpty();

            // A beginning is one.
            house.in(
                    "kafka", () -> Vantage.look(List.of(new Probe("kafka", "audit", new Target(client, 8080), false))));
            assertThat(traffic().denied()).containsExactly("kafka->audit:8080");
        } finally {
            house.host("sysctl", "-qw", ESTABLISHED + "=" + remembered);
        }
    }

    @Test
    void the_kernel_tells_which_rules_stand_what_is_connected_and_who_tried_what_is_dropped() throws Exception {
        house.load(RULES);
        var kafka = new InetSocketAddress(house.networks().serving("kafka").address("kafka"), 9092);
        var gateway = house.networks().serving("kafka").address("gateway");
        house.in(
                "breach",
                () -> Vantage.look(List.of(
                        new Probe("breach", "gateway", new Target(gateway, 8080), false),
                        new Probe(
                                "breach",
                                Probe.HOST,
                                new Target(house.networks().serving("kafka").host(), 22),
                                false))));

        try (var connection = house.in("audit", () -> SocketChannel.open(kafka))) {
            assertThat(connection.isConnected()).isTrue();
            var seen = traffic();

            assertThat(seen.rules().orElseThrow())
                    .containsExactlyInAnyOrderElementsOf(DECLARATION.flows().stream()
                            .map(Declaration.Flow::text)
                            .toList());
            assertThat(seen.connected()).contains("audit->kafka:9092");
            assertThat(seen.denied()).containsExactly("breach->gateway:8080", "breach->host:22");
            // The kernel still remembers the other tests' connections; they are not declared, and drift.
            assertThat(seen.drift(DECLARATION))
                    .filteredOn(each -> !each.startsWith("connected"))
                    .containsExactly("tried and dropped: breach->gateway:8080", "tried and dropped: breach->host:22");
        }
        house.load(RULES.replace("audit->kafka:9092", "audit->kafka:9093"));
        assertThat(traffic().drift(DECLARATION))
                .contains("no rule for audit->kafka:9092", "a rule that is not declared: audit->kafka:9093");
    }

    private static Traffic traffic() throws Exception {
        return Traffic.read(
                house.networks(),
                Optional.of(house.host("nft", "-j", "list", "table", "inet", FirewallRules.table(DECLARATION))),
                house.host("cat", "/proc/net/nf_conntrack").lines().toList());
    }

    @Test
    void an_endpoint_with_an_address_is_open_to_those_who_declared_it_and_to_nobody_else() throws Exception {
        var open = DeclarationReader.read(
                "segments.yaml",
                Files.readString(Path.of("segments.yaml"))
                        .replace(
                                "host: relay.mail.elleve.example\n    port: 587\n    addresses: []",
                                "host: relay.mail.elleve.example\n    port: 587\n    addresses: ["
                                        + NamespaceHouse.STRANGER + "]"));
        house.load(FirewallRules.render(open));

        assertThat(reaches("mail", 587)).isEqualTo(Outcome.OPEN);
        assertThat(reaches("mail", 443)).isEqualTo(Outcome.SILENT);
        assertThat(reaches("gateway", 587)).isEqualTo(Outcome.SILENT);
    }

    private static Outcome reaches(String member, int port) {
        var probe = new Probe(member, Declaration.OUTSIDE, new Target(NamespaceHouse.STRANGER, port), false);
        return house.in(member, () -> Vantage.look(List.of(probe))).getFirst().outcome();
    }

    private static boolean onOneNetwork(Observation seen) {
        var probe = seen.probe();
        return DECLARATION.members().stream().anyMatch(member -> member.name().equals(probe.from()))
                && house.networks().of(DECLARATION.member(probe.from())).stream()
                        .anyMatch(network -> probe.target()
                                .address()
                                .startsWith(network.subnet().replace("0/24", "")));
    }

    private static boolean open(List<Observation> seen, String from, String to, int port) {
        return seen.stream()
                .anyMatch(each -> each.probe().from().equals(from)
                        && each.probe().to().equals(to)
                        && each.probe().target().port() == port
                        && each.outcome() == Outcome.OPEN);
    }
}
