package dk.elleve.tenantdata.area;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class AreaDraftTest {

    @ParameterizedTest
    @ValueSource(strings = {"P5Y", "P18M", "P30D", "P2W", "P1Y6M", "PT1H", "P1DT12H", "PT0H1M"})
    void a_positive_iso_8601_duration_is_a_retention(String retention) {
        assertThat(AreaDraft.of(body().put("retention", retention)).retention()).isEqualTo(retention);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "P", "PT", "P0D", "P0Y0M", "5Y", "p5y", "P-1Y", "-P1Y", "P1.5Y", "P5", "P1DT", "P1H", "P12345Y"
            })
    void anything_else_is_not(String retention) {
        assertThat(refused(body().put("retention", retention))).containsExactly("/retention");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1.a", "6.1.b", "6.1.f", "9.2.a", "9.2.j"})
    void a_point_of_article_6_or_9_is_a_legal_basis(String basis) {
        assertThat(AreaDraft.of(body().put("legalBasis", basis)).legalBasis()).isEqualTo(basis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "6.1", "6.1.g", "6.2.a", "9.2.k", "9.1.a", "6.1.B", "6.1.a ", "consent"})
    void no_other_word_is(String basis) {
        assertThat(refused(body().put("legalBasis", basis))).containsExactly("/legalBasis");
    }

    @Test
    void lists_may_be_left_out_and_what_was_read_may_be_sent_back() {
        var draft = AreaDraft.of(body().put("id", "sales").put("createdAt", "x").put("updatedAt", "y"));
        assertThat(draft.recipients()).isEmpty();
        assertThat(draft.dataSubjects()).isEmpty();
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_by_its_place() {
        var body = JsonMapper.shared().createObjectNode();
        body.put("purpose", " ");
        body.put("legalBasis", 6);
        body.putArray("recipients").add("ok").add("").add(3);
        body.put("dataSubjects", "customers");
        body.put("a/b~c", 1);
        assertThat(refused(body))
                .containsExactlyInAnyOrder(
                        "/a~1b~0c",
                        "/purpose",
                        "/legalBasis",
                        "/retention",
                        "/recipients/1",
                        "/recipients/2",
                        "/dataSubjects");
    }

    @Test
    void texts_have_a_length() {
        assertThat(refused(body().put("purpose", "x".repeat(2_001)))).containsExactly("/purpose");
        assertThat(AreaDraft.of(body().put("purpose", "x".repeat(2_000))).purpose())
                .hasSize(2_000);
        assertThat(refused(body().put("purpose", "a\0b"))).containsExactly("/purpose");
    }

    private static ObjectNode body() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("purpose", "Delivering")
                .put("legalBasis", "6.1.b")
                .put("retention", "P5Y");
    }

    private static List<String> refused(ObjectNode body) {
        return catchThrowableOfType(Problem.class, () -> AreaDraft.of(body)).errors().stream()
                .map(Problem.At::pointer)
                .toList();
    }
}
