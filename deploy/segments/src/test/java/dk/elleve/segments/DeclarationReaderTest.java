package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A typing error in the declaration must never open or close anything by itself.
class DeclarationReaderTest {

    static final String SMALL = """
        name: small
        subnets: 10.9.0.0/16
        segments:
          edge: { column: 1, purpose: the door }
          data: { column: 2, purpose: the databases }
        members:
          door:
            segment: edge
            number: 11
            ports: { 8080: HTTP }
          base:
            segment: data
            number: 12
            ports: { 5432: SQL, 9000: metrics }
        flows:
          - from: outside
            to: door:8080
            reason: people
          - from: door
            to: [base:5432]
            reason: rows
        endpoints:
          vault:
            host: vault.example.net
            port: 443
            addresses: [10.40.1.4]
        egress:
          - from: base
            to: vault
            reason: keys
        """;

    static Declaration small() {
        return DeclarationReader.read("small.yaml", SMALL);
    }

    @Test
    void a_declaration_is_read_as_it_stands() {
        var declaration = small();

        assertThat(declaration.prefix()).isEqualTo("10.9");
        assertThat(declaration.members()).extracting("name").containsExactly("door", "base");
        assertThat(declaration.flows())
                .containsExactly(
                        new Declaration.Flow("outside", "door", 8080, "people"),
                        new Declaration.Flow("door", "base", 5432, "rows"));
        assertThat(declaration.openEgress(declaration.member("base")))
                .singleElement()
                .extracting(Declaration.Egress::text)
                .isEqualTo("base->vault:443");
        assertThat(declaration.allows("door", "base", 5432)).isTrue();
        assertThat(declaration.allows("door", "base", 9000)).isFalse();
        assertThat(declaration.allows("base", "door", 8080)).isFalse();
    }

    @Test
    void every_flow_of_the_platform_has_a_reason_that_says_more_than_its_name() {
        assertThat(RenderedTest.declaration().flows())
                .allSatisfy(flow -> assertThat(flow.reason()).hasSizeGreaterThan(6));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("mistakes")
    void a_mistake_is_one_sentence_with_its_place(String right, String wrong, String sentence) {
        assertThat(SMALL).contains(right);

        assertThatThrownBy(() -> DeclarationReader.read("small.yaml", SMALL.replaceFirst(Pattern.quote(right), wrong)))
                .isInstanceOf(Refusal.class)
                .hasMessage("small.yaml" + sentence);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("from: door", "from: dor", ":19: a flow comes from the unknown member dor."),
                mistake("[base:5432]", "[bas:5432]", ":20: a flow goes to the unknown member bas."),
                mistake("[base:5432]", "[base:5433]", ":20: the port 5433 is not among the declared ports of base."),
                mistake(
                        "[base:5432]",
                        "[base:5432, base:5432]",
                        ":20: the flow door->base:5432 stands already in line 20."),
                mistake("    reason: rows\n", "", ":19: a flow has no reason."),
                mistake("reason: rows", "reason: ' '", ":21: the reason of the flow is empty or no text."),
                mistake("reason: rows", "why: rows", ":21: unknown key why in a flow; known are from, reason, to."),
                mistake("segment: data", "segment: date", ":12: member base is in the unknown segment date."),
                mistake("number: 12", "number: 11", ":13: members door and base have the same number."),
                mistake(
                        "number: 12",
                        "number: 128",
                        ":13: the number of base must be a number from 2 to 127, not 128."),
                mistake("  base:", "  door:", ":11: door stands already in line 7."),
                mistake("  door:", "  outside:", ":7: no member can be called outside: that is everybody else."),
                mistake(
                        "  door:",
                        "  Door:",
                        ":7: A member has lower-case letters, digits and hyphens in its name, not Door."),
                mistake(
                        "  base:",
                        "  databaseserver:",
                        ":11: the bridge name el-databaseserver would be longer than the kernel's 15 letters."),
                mistake(
                        "[base:5432]",
                        "base",
                        ":20: a flow goes to a member and a port, such as postgres:5432, not to base."),
                mistake("[base:5432]", "door:8080", ":20: a flow of door to itself never reaches a network."),
                mistake("[base:5432]", "[]", ":20: to names nobody."),
                mistake("10.9.0.0/16", "10.9.0.0/24", ":2: subnets must read like 10.83.0.0/16, not 10.9.0.0/24."),
                mistake("10.40.1.4", "10.40.1.400", ":26: an address of vault is not IPv4: 10.40.1.400."),
                mistake("to: vault", "to: valt", ":29: an egress goes to the unknown endpoint valt."),
                mistake("from: base", "from: bas", ":28: an egress comes from the unknown member bas."),
                mistake(
                        "vault.example.net",
                        "https://vault",
                        ":24: the endpoint vault has no host name: https://vault."),
                mistake("5432: SQL", "65536: SQL", ":14: a port of base must be a number from 1 to 65535, not 65536."),
                mistake("name: small", "name: [small]", ":1: The platform is empty or no text."),
                mistake(
                        "flows:",
                        "flaws:",
                        ":15: unknown key flaws in the file; known are egress, endpoints, flows, members, name,"
                                + " segments, subnets."));
    }

    private static Arguments mistake(String right, String wrong, String sentence) {
        return Arguments.of(right, wrong, sentence);
    }

    @Test
    void what_is_not_yaml_or_nothing_is_said_so() {
        assertThatThrownBy(() -> DeclarationReader.read("small.yaml", "name: [small"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("small.yaml:1: this is not YAML: ");
        assertThatThrownBy(() -> DeclarationReader.read("small.yaml", "")).hasMessage("small.yaml: the file is empty.");
        assertThatThrownBy(() -> DeclarationReader.read("small.yaml", "- one"))
                .hasMessage("small.yaml:1: the file must be a list of `key: value`.");
    }
}
