package dk.elleve.tenantdata.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.collection.Definitions;
import dk.elleve.tenantdata.collection.Layout;
import dk.elleve.tenantdata.filter.FilterParser;
import dk.elleve.tenantdata.filter.FilterProblem;
import dk.elleve.tenantdata.keyring.FieldKeys;
import dk.elleve.tenantdata.keyring.TestKeys;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class FilterSqlTest {

    private static final Layout LAYOUT = Definitions.of("""
            {"email": {"type": "string", "x-personal": true, "x-searchable": true},
             "note": {"type": "string", "x-personal": true},
             "level": {"type": "integer", "x-searchable": true}, "city": {"type": "string"},
             "vip": {"type": "boolean"}, "born": {"type": "string", "format": "date"},
             "seen": {"type": "string", "format": "date-time"}, "tags": {"type": "array"}}""").layout();
    private static final FieldKeys KEYS = TestKeys.of("nord", "sales", "people");

    @Test
    void values_and_names_go_in_as_parameters_only() {
        var sql = sql("city eq \"x') OR true --\" and level ge 3.5");
        assertThat(sql.condition()).doesNotContain("city", "level", "OR true", "3.5");
        assertThat(sql.parameters().values()).contains("city", "x') OR true --", "level", new BigDecimal("3.5"), 3.5);
    }

    @Test
    void a_personal_value_goes_in_as_its_hash_and_is_remembered_as_asked_about() {
        var sql = sql("email eq \" ANNE@x.invalid\" or city eq \"Aarhus\"");
        assertThat(sql.parameters().toString()).doesNotContainIgnoringCase("anne");
        assertThat(sql.parameters().values())
                .contains(KEYS.blind("email", JsonNodeFactory.instance.stringNode("anne@x.invalid")));
        assertThat(sql.personal()).containsExactly("email");
        assertThat(sql("city eq \"Aarhus\"").personal()).isEmpty();
    }

    @Test
    void a_searchable_field_is_narrowed_by_its_index_and_decided_by_the_record() {
        assertThat(sql("level gt 3").condition()).contains("i.number_value >= ", "::numeric END > ");
        assertThat(sql("level ne 3").condition()).startsWith("(NOT coalesce(").doesNotContain("record_index");
        assertThat(sql("city eq \"x\"").condition()).doesNotContain("record_index");
    }

    @Test
    void each_kind_is_compared_as_what_it_is() {
        assertThat(sql("seen ge \"2026-11-24T13:00:00+01:00\"").parameters().values())
                .contains(OffsetDateTime.parse("2026-11-24T12:00:00Z"));
        assertThat(sql("vip eq true").parameters().values()).contains(true);
        assertThat(sql("born lt \"2000-01-01\"").parameters().values()).contains("2000-01-01");
        assertThat(sql("city eq null").condition()).contains("IS NULL");
        assertThat(sql("not (city eq null)").condition()).startsWith("NOT (");
        assertThat(sql("city in (\"a\", \"b\")").condition()).contains(" OR ");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            level eq 1 and nothing eq 1        | UNKNOWN_FIELD                | 16
            note eq "x"                        | FIELD_NOT_SEARCHABLE         | 1
            email ne "x"                       | PERSONAL_FIELD_EQUALITY_ONLY | 1
            not (email lt "x")                 | PERSONAL_FIELD_EQUALITY_ONLY | 6
            email eq null                      | INVALID_FILTER               | 1
            tags eq "x"                        | INVALID_FILTER               | 1
            level eq "3"                       | INVALID_FILTER               | 1
            city eq 3                          | INVALID_FILTER               | 1
            vip eq "true"                      | INVALID_FILTER               | 1
            vip gt true                        | INVALID_FILTER               | 1
            born eq "24-11-2026"               | INVALID_FILTER               | 1
            seen eq "2026-11-24"               | INVALID_FILTER               | 1
            city lt null                       | INVALID_FILTER               | 1
            id gt "x"                          | INVALID_FILTER               | 1
            id eq "x"                          | INVALID_FILTER               | 1
            createdAt gt 3                     | INVALID_FILTER               | 1
            """)
    void a_comparison_that_means_nothing_is_refused_with_its_position(String filter, FilterProblem kind, int position) {
        var problem = catchThrowableOfType(Problem.class, () -> sql(filter));
        assertThat(problem.kind()).isEqualTo(kind);
        assertThat(problem.errors().getFirst().detail()).startsWith("character " + position + ": ");
    }

    private static FilterSql sql(String filter) {
        return FilterSql.of(FilterParser.parse(filter), LAYOUT, KEYS);
    }
}
