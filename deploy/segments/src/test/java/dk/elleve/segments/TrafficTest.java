package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The kernel's own words are tried in ReachabilityTest; here is what is made of them.
class TrafficTest {

    private final Declaration declaration = DeclarationReaderTest.small();
    private final Networks networks = Networks.of(declaration);

    @Test
    void a_host_that_enforces_and_sees_what_is_declared_has_no_drift() {
        var seen = Traffic.read(
                networks,
                table("", "outside->door:8080", "door->base:5432", "base->vault:443"),
                List.of(
                        tcp("10.9.12.11", "10.9.12.12", 5432, "10.9.12.12", 5432),
                        tcp("192.0.2.7", "192.0.2.1", 80, "10.9.139.11", 8080),
                        tcp("10.9.140.12", "10.40.1.4", 443, "10.40.1.4", 443),
                        tcp("10.9.12.1", "10.9.12.12", 9000, "10.9.12.12", 9000),
                        tcp("192.0.2.7", "192.0.2.1", 22, "192.0.2.1", 22)));

        assertThat(seen.connected())
                .as("neither the host's own nor anybody else's")
                .containsExactly("base->10.40.1.4:443", "door->base:5432", "outside->door:8080");
        assertThat(seen.drift(declaration)).isEmpty();
    }

    @Test
    void a_connection_that_is_not_declared_is_drift() {
        var seen = Traffic.read(networks, whole(), List.of(tcp("10.9.12.12", "10.9.12.11", 8080, "10.9.12.11", 8080)));

        assertThat(seen.drift(declaration)).containsExactly("connected, not declared: base->door:8080");
    }

    @Test
    void a_try_of_a_member_is_drift_and_a_question_for_a_name_is_not() {
        var seen = Traffic.read(
                networks, table("""
                        {"elem":{"val":{"concat":["el-base","10.9.12.12","10.9.12.11","tcp",22]}}},
                        {"elem":{"val":{"concat":["elo-base","10.9.140.12","203.0.113.9","udp",123]}}},
                        {"elem":{"val":{"concat":["elo-base","10.9.140.12","203.0.113.9","udp",53]}}},
                        {"elem":{"val":{"concat":["el-base","10.9.12.12","10.9.12.11","udp",53]}}},
                        {"elem":{"val":{"concat":["eth0","203.0.113.9","10.9.139.11","tcp",22]}}}\
                        """, "outside->door:8080", "door->base:5432", "base->vault:443"), List.of());

        assertThat(seen.drift(declaration))
                .containsExactly(
                        "tried and dropped: base->203.0.113.9:123/udp",
                        "tried and dropped: base->door:22",
                        "tried and dropped: base->door:53/udp");
    }

    @Test
    void rules_that_are_missing_or_too_many_are_drift() {
        assertThat(Traffic.read(networks, Optional.empty(), List.of()).drift(declaration))
                .containsExactly("no rules are loaded on this host");
        assertThat(Traffic.read(
                                networks,
                                table("", "outside->door:8080", "base->door:8080", "base->vault:443"),
                                List.of())
                        .drift(declaration))
                .containsExactly("no rule for door->base:5432", "a rule that is not declared: base->door:8080");
        var unnamed = whole().map(table -> table.replace(
                "{\"rule\"", "{\"rule\":{\"chain\":\"to_base\",\"expr\":[{\"accept\":null}]}},{\"rule\""));
        assertThat(Traffic.read(networks, unnamed, List.of()).drift(declaration))
                .containsExactly("a rule that is not declared: a rule without a name in the chain to_base");
    }

    @Test
    void what_is_no_json_is_refused() {
        assertThatThrownBy(() -> Traffic.read(networks, Optional.of("table inet"), List.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("nft prints no JSON that can be read");
    }

    private static Optional<String> whole() {
        return table("", "outside->door:8080", "door->base:5432", "base->vault:443");
    }

    private static Optional<String> table(String denied, String... accepted) {
        var rules =
                new TreeSet<>(List.of(accepted)).stream().map("""
                    {"rule":{"chain":"to","comment":"%s","expr":[{"match":{}},{"accept":null}]}}\
                    """::formatted).collect(Collectors.joining(","));
        return Optional.of("""
            {"nftables":[{"metainfo":{}},{"set":{"name":"denied","elem":[%s]}},
            {"rule":{"chain":"members","expr":[{"match":{"right":["established","related"]}},{"accept":null}]}},%s]}
            """.formatted(denied, rules));
    }

    private static String tcp(String from, String to, int port, String answers, int answering) {
        return "ipv4     2 tcp      6 431999 ESTABLISHED src=" + from + " dst=" + to + " sport=40000 dport=" + port
                + " src=" + answers + " dst=" + from + " sport=" + answering + " dport=40000 [ASSURED] mark=0 use=2";
    }
}
