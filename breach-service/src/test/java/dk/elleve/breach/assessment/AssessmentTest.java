package dk.elleve.breach.assessment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AssessmentTest {

    static final JsonMapper JSON = JsonAutoConfiguration.mapper();

    final FactsReader reader = new FactsReader(JSON);
    final Assessor assessor = new Assessor(new Precedents(JSON));

    @TestFactory
    Stream<DynamicTest> every_published_case_is_assessed_as_the_board_did() {
        return cases("/edpb-cases.json").flatMap(each -> {
            var facts = (ObjectNode) each.path("facts");
            var variants = StreamSupport.stream(each.path("variants").spliterator(), false)
                    .map(variant -> agrees(
                            variant.path("id").asString(),
                            facts.deepCopy().setAll((ObjectNode) variant.path("change")),
                            variant.path("expected")));
            return Stream.concat(Stream.of(agrees(each.path("id").asString(), facts, each.path("expected"))), variants);
        });
    }

    @TestFactory
    Stream<DynamicTest> the_examples_of_the_emergency_plan_get_the_lawful_outcome() {
        return cases("/plan-examples.json")
                .map(each -> agrees(each.path("id").asString(), each.path("facts"), each.path("expected")));
    }

    @TestFactory
    Stream<DynamicTest> the_severity_of_aPublished_case_follows_from_its_facts() {
        return cases("/edpb-cases.json")
                .filter(each -> each.has("enisa"))
                .map(each -> DynamicTest.dynamicTest(
                        each.path("id").asString(),
                        () -> assertThat(assess(each.path("facts")).enisa().score())
                                .isEqualByComparingTo(
                                        each.path("enisa").path("seAdjusted").decimalValue())));
    }

    @Test
    void all_inputs_of_the_enisa_method_give_the_tables_score_and_band() throws IOException {
        var counts = new EnumMap<Enisa.Band, Integer>(Enisa.Band.class);
        var rows = text("/enisa-all-864.csv")
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
        assertThat(rows).hasSize(864);
        for (var row : rows) {
            var enisa = new Enisa(
                    Integer.parseInt(row[0]),
                    new BigDecimal(row[1]),
                    new BigDecimal(row[2]),
                    new BigDecimal(row[3]),
                    new BigDecimal(row[4]),
                    new BigDecimal(row[5]));
            assertThat(enisa.score()).as("%s", (Object) row).isEqualByComparingTo(row[6]);
            assertThat(enisa.band().name()).as("%s", (Object) row).isEqualTo(row[7]);
            counts.merge(enisa.band(), 1, Integer::sum);
        }
        assertThat(counts)
                .containsEntry(Enisa.Band.LOW, 273)
                .containsEntry(Enisa.Band.MEDIUM, 295)
                .containsEntry(Enisa.Band.HIGH, 170)
                .containsEntry(Enisa.Band.VERY_HIGH, 126);
    }

    @TestFactory
    Stream<DynamicTest> a_safe_harbour_falls_when_one_limb_is_not_proven() {
        return Stream.of(
                        "{\"keyOrSaltSafe\":false}",
                        "{\"keyOrSaltSafe\":null}",
                        "{\"unintelligible\":null}",
                        "{\"backup\":\"none\"}",
                        "{\"restoreHours\":25}",
                        "{\"restoreHours\":null}",
                        "{\"logsProveNoOutflow\":null}",
                        "{\"logsProveNoOutflow\":false}",
                        "{\"serviceOrCareAffected\":true}")
                .map(change -> DynamicTest.dynamicTest(change, () -> {
                    var facts = reader.merge(factsOf("EDPB-01"), JSON.readTree(change));
                    assertThat(assess(factsOf("EDPB-01")).notifyAuthority()).isFalse();
                    assertThat(assess(facts).notifyAuthority()).isTrue();
                }));
    }

    @Test
    void a_high_severity_raises_what_aSafe_harbour_spared_and_aLow_one_never_lowers() {
        var spared = factsOf("EDPB-13");
        assertThat(assess(spared).notifyAuthority()).isFalse();
        spared.set("enisa", JSON.readTree("""
                        {"dpc":4,"ei":1,"confidentiality":0.5,"integrity":0,"availability":0,"malicious":0}
                        """));
        var raised = assess(spared);
        assertThat(raised.notifyAuthority()).isTrue();
        assertThat(raised.notifySubjects()).isTrue();

        var grave = factsOf("EDPB-04");
        grave.set("enisa", JSON.readTree("""
                        {"dpc":1,"ei":0.25,"confidentiality":0,"integrity":0,"availability":0,"malicious":0}
                        """));
        var stays = assess(grave);
        assertThat(stays.enisa().band()).isEqualTo("low");
        assertThat(stays.notifyAuthority()).isTrue();
        assertThat(stays.notifySubjects()).isTrue();
    }

    @Test
    void a_hint_at_special_categories_is_not_the_same_as_the_real_thing() {
        var facts = factsOf("EDPB-13");
        facts.put("recipientReaction", "deletion-requested").put("recipientCount", 15);
        facts.putArray("dataClasses").add("simple").add("sensitive");
        facts.put("specialCategories", "hinted");
        assertThat(assess(facts).notifyAuthority()).isFalse();
        facts.put("specialCategories", "real");
        assertThat(assess(facts).notifySubjects()).isTrue();
        facts.put("specialCategories", "unknown");
        assertThat(assess(facts).notifySubjects()).isTrue();
    }

    @Test
    void when_nothing_is_known_the_authority_is_to_be_told_and_the_missing_facts_are_named() {
        var unknown = assess(JSON.readTree("{\"kinds\":[\"C\"]}"));
        assertThat(unknown.notifyAuthority()).isTrue();
        assertThat(unknown.rules()).extracting(Assessment.Reason::id).containsExactly("default");
        assertThat(unknown.missing()).contains("exposure", "unintelligible").doesNotContain("kinds");
    }

    @Test
    void the_published_case_itself_is_the_nearest() {
        var nearest = assess(factsOf("EDPB-18")).nearest();
        assertThat(nearest).hasSize(3);
        assertThat(nearest.getFirst().id()).isEqualTo("EDPB-18");
        assertThat(nearest.getFirst().likeness()).isEqualByComparingTo(BigDecimal.ONE);
    }

    @TestFactory
    Stream<DynamicTest> a_fact_that_is_wrong_is_named_by_its_place() {
        return Stream.of(
                        new String[] {"{\"maliciuos\":true}", "/maliciuos"},
                        new String[] {"{\"malicious\":\"yes\"}", "/malicious"},
                        new String[] {"{\"kinds\":[\"X\"]}", "/kinds"},
                        new String[] {"{\"kinds\":\"C\"}", "/kinds"},
                        new String[] {"{\"recipientCount\":-1}", "/recipientCount"},
                        new String[] {"{\"recipientCount\":1.5}", "/recipientCount"},
                        new String[] {"{\"restoreHours\":-1}", "/restoreHours"},
                        new String[] {"{\"restoreHours\":1e400}", "/restoreHours"},
                        new String[] {"{\"restoreHours\":" + "9".repeat(400) + "}", "/restoreHours"},
                        new String[] {"{\"subjectsMin\":2,\"subjectsMax\":1}", "/subjectsMax"},
                        new String[] {"{\"role\":\"owner\"}", "/role"},
                        new String[] {"{\"enisa\":{\"dpc\":5}}", "/enisa"},
                        new String[] {"{\"summary\":\"a\\u0000b\"}", "/summary"},
                        new String[] {"{\"cause\":\"\\ud800\"}", "/cause"},
                        new String[] {"{\"dataFields\":[\"name\",\"\\u0000\"]}", "/dataFields"},
                        new String[] {"{\"enisa\":{\"\\u0000\":1}}", "/enisa"},
                        new String[] {"[]", ""})
                .map(bad -> DynamicTest.dynamicTest(
                        bad[0],
                        () -> assertThatThrownBy(() -> reader.read(JSON.readTree(bad[0]), ""))
                                .isInstanceOfSatisfying(
                                        Problem.class,
                                        problem -> assertThat(problem.errors())
                                                .extracting(Problem.At::pointer)
                                                .containsExactly(bad[1]))));
    }

    private DynamicTest agrees(String id, JsonNode facts, JsonNode expected) {
        return DynamicTest.dynamicTest(id, () -> {
            var assessment = assess(facts);
            var said = JSON.valueToTree(assessment);
            expected.properties()
                    .forEach(leg -> assertThat(said.path(leg.getKey()))
                            .as("%s by %s", leg.getKey(), assessment.rules())
                            .isEqualTo(leg.getValue()));
        });
    }

    private Assessment assess(JsonNode facts) {
        return assessor.assess(reader.read(facts, ""));
    }

    private static ObjectNode factsOf(String id) {
        return cases("/edpb-cases.json")
                .filter(each -> each.path("id").asString().equals(id))
                .map(each -> (ObjectNode) each.path("facts"))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<JsonNode> cases(String resource) {
        return StreamSupport.stream(JSON.readTree(text(resource)).spliterator(), false);
    }

    private static String text(String resource) {
        try (var in = Objects.requireNonNull(AssessmentTest.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
