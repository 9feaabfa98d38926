package dk.elleve.tenantdata.keyring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.http.Bodies;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class FieldKeysTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final UUID RECORD = UUID.fromString("01900000-0000-7000-8000-000000000001");

    private final FieldKeys keys = TestKeys.of("nord", "sales", "people");

    @Test
    void a_sealed_value_opens_to_what_it_was_and_never_looks_the_same() {
        for (var json :
                List.of("\"Anne\"", "\"\"", "null", "12345678901234567890.10", "true", "{\"a\":[1,{\"b\":null}]}")) {
            var value = keys.open(
                    "f", RECORD, keys.seal("f", RECORD, new Bodies().json().readTree(json)));
            assertThat(value.toString()).isEqualTo(json);
        }
        assertThat(keys.seal("f", RECORD, text("Anne"))).isNotEqualTo(keys.seal("f", RECORD, text("Anne")));
    }

    @Test
    void it_opens_nowhere_but_in_its_own_tenant_area_collection_field_and_record() {
        var sealed = keys.seal("email", RECORD, text("anne@x.invalid"));
        refuses(() -> keys.open("name", RECORD, sealed));
        refuses(() -> keys.open("email", UUID.fromString("01900000-0000-7000-8000-000000000002"), sealed));
        refuses(() -> TestKeys.of("havn", "sales", "people").open("email", RECORD, sealed));
        refuses(() -> TestKeys.of("nord", "other", "people").open("email", RECORD, sealed));
        refuses(() -> TestKeys.of("nord", "sales", "other").open("email", RECORD, sealed));
        assertThat(TestKeys.of("nord", "sales", "people").open("email", RECORD, sealed))
                .isEqualTo(text("anne@x.invalid"));
    }

    @Test
    void one_changed_bit_and_what_is_no_sealed_value_are_noticed() {
        var bytes = Base64.getDecoder().decode(keys.seal("f", RECORD, text("Anne")));
        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            refuses(() -> keys.open("f", RECORD, Base64.getEncoder().encodeToString(changed)));
        }
        for (var wrong : List.of("", "Anne", "not base64!", "AAAA")) {
            refuses(() -> keys.open("f", RECORD, wrong));
        }
    }

    @Test
    void a_blind_index_is_the_same_for_what_people_mean_by_the_same() {
        var one = keys.blind("name", text("Åse Ågesen"));
        for (var way : List.of(
                "åse ågesen",
                "ÅSE ÅGESEN",
                "  Åse \t Ågesen ",
                "A\u030Ase A\u030Agesen",
                "Åse\u00A0Ågesen",
                "Ａ\u030Ase Ågesen")) {
            assertThat(keys.blind("name", text(way))).as(way).isEqualTo(one);
        }
        for (var other : List.of("Åse Aagesen", "ÅseÅgesen", "Åse Ågesen.")) {
            assertThat(keys.blind("name", text(other))).as(other).isNotEqualTo(one);
        }
        assertThat(number("1"))
                .isEqualTo(number("1.00"))
                .isEqualTo(number("1e0"))
                .isNotEqualTo(number("10"));
        assertThat(number("0")).isEqualTo(number("-0.0")).isEqualTo(number("0e5"));
        assertThat(number("1")).isNotEqualTo(keys.blind("name", text("1")));
        assertThat(keys.blind("name", NODES.booleanNode(true))).isNotEqualTo(keys.blind("name", text("true")));
    }

    @Test
    void a_blind_index_tells_nothing_across_fields_collections_and_tenants() {
        var blind = keys.blind("name", text("anne"));
        assertThat(blind).matches("[0-9a-f]{32}");
        assertThat(List.of(
                        keys.blind("other", text("anne")),
                        TestKeys.of("havn", "sales", "people").blind("name", text("anne")),
                        TestKeys.of("nord", "sales", "other").blind("name", text("anne"))))
                .doesNotContain(blind)
                .doesNotHaveDuplicates();
    }

    @Test
    void lists_and_objects_have_no_blind_index() {
        assertThatThrownBy(() -> keys.blind("f", NODES.arrayNode())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_keys_print_no_secret() {
        assertThat(keys.toString()).contains("nord", "sales/people", "***");
    }

    private String number(String text) {
        return keys.blind("name", NODES.numberNode(new BigDecimal(text)));
    }

    private static JsonNode text(String text) {
        return NODES.stringNode(text);
    }

    private static void refuses(ThrowingCallable opening) {
        var problem = catchThrowableOfType(Problem.class, opening);
        assertThat(problem.kind()).isEqualTo(KeyProblem.SEALED_VALUE_BROKEN);
        assertThat(problem.getMessage()).doesNotContainIgnoringCase("anne");
    }
}
