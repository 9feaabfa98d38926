package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.collection.Definition;
import dk.elleve.tenantdata.collection.Definitions;
import dk.elleve.tenantdata.http.Bodies;
import dk.elleve.tenantdata.http.Errors;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ValueLimitsTest {

    private static final Definition DEFINITION = Definitions.of("""
            {"any": true, "at": {"type": "string", "format": "date-time"}}""");

    @Test
    void what_postgresql_cannot_hold_is_refused_by_its_place() {
        assertThat(wrong("{\"any\": \"a\\u0000b\"}")).containsExactly("/any");
        assertThat(wrong("{\"any\": [1, \"\\ud83d\"]}")).containsExactly("/any/1");
        assertThat(wrong("{\"any\": {\"a/b\": {\"c\": \"\\ude00\"}}}")).containsExactly("/any/a~1b/c");
        assertThat(wrong("{\"any\": {\"\\u0000\": 1}}")).containsExactly("/any");
        assertThat(wrong("{\"any\": \"\\ud83d\\ude00\"}")).isEmpty();
    }

    @Test
    void numbers_come_back_exactly_so_they_have_a_length() {
        assertThat(wrong("{\"any\": " + "9".repeat(100) + "}")).isEmpty();
        assertThat(wrong("{\"any\": " + "9".repeat(101) + "}")).containsExactly("/any");
        assertThat(wrong("{\"any\": 1e100}")).isEmpty();
        assertThat(wrong("{\"any\": 1e101}")).containsExactly("/any");
        assertThat(wrong("{\"any\": [1e-101]}")).containsExactly("/any/0");
    }

    @Test
    void an_instant_has_an_offset_and_a_year_that_postgresql_knows() {
        for (var good : List.of("2026-11-24T12:00:00Z", "2026-11-24T12:00:00.123456+15:00", "0001-01-01T00:00:00Z")) {
            assertThat(wrong("{\"at\": \"" + good + "\"}")).as(good).isEmpty();
        }
        for (var bad : List.of(
                "2026-11-24",
                "2026-11-24T12:00:00",
                "2026-11-24T23:59:60Z",
                "2026-02-30T00:00:00Z",
                "0000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "2026-11-24T12:00:00+17:00",
                "yesterday")) {
            assertThat(wrong("{\"at\": \"" + bad + "\"}")).as(bad).containsExactly("/at");
        }
    }

    @Test
    void one_value_may_not_be_longer_than_the_limit() {
        assertThat(wrong("{\"any\": \"" + "x".repeat(998) + "\"}")).isEmpty();
        assertThat(wrong("{\"any\": \"" + "x".repeat(999) + "\"}")).containsExactly("/any");
    }

    private static List<String> wrong(String json) {
        var errors = new Errors();
        ValueLimits.check(DEFINITION, (ObjectNode) new Bodies().json().readTree(json), 1_000, "", errors);
        return errors.found().stream().map(Problem.At::pointer).toList();
    }
}
