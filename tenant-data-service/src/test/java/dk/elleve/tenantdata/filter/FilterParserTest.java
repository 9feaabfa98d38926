package dk.elleve.tenantdata.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.filter.Filter.And;
import dk.elleve.tenantdata.filter.Filter.Compare;
import dk.elleve.tenantdata.filter.Filter.In;
import dk.elleve.tenantdata.filter.Filter.Literal;
import dk.elleve.tenantdata.filter.Filter.Not;
import dk.elleve.tenantdata.filter.Filter.Operator;
import dk.elleve.tenantdata.filter.Filter.Or;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {

    @Test
    void and_binds_closer_than_or_and_not_closest() {
        assertThat(FilterParser.parse("a eq 1 or not b ne 2 and c lt 3"))
                .isEqualTo(new Or(List.of(
                        number("a", Operator.EQ, 1, 1),
                        new And(List.of(new Not(number("b", Operator.NE, 2, 15)), number("c", Operator.LT, 3, 26))))));
        assertThat(FilterParser.parse("(a eq 1 or b eq 2) and c eq 3"))
                .isEqualTo(new And(List.of(
                        new Or(List.of(number("a", Operator.EQ, 1, 2), number("b", Operator.EQ, 2, 12))),
                        number("c", Operator.EQ, 3, 24))));
    }

    @Test
    void values_are_texts_numbers_truths_and_nothing() {
        assertThat(FilterParser.parse("navn_på eq \"a \\\"b\\\" \\\\ \u00e5 \uD83D\uDE00\""))
                .isEqualTo(new Compare("navn_på", Operator.EQ, new Literal.Text("a \"b\" \\ \u00e5 \uD83D\uDE00"), 1));
        assertThat(FilterParser.parse("n ge -1.50e2"))
                .isEqualTo(new Compare("n", Operator.GE, new Literal.Number(new BigDecimal("-1.50e2")), 1));
        assertThat(FilterParser.parse("b in (true, false, null)"))
                .isEqualTo(new In(
                        "b", List.of(new Literal.Bool(true), new Literal.Bool(false), new Literal.Nothing()), 1));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            level ge            | 9  | expected a value
            level 3             | 7  | expected one of eq, ne, lt, le, gt, ge, in
            level EQ 3          | 7  | expected one of eq
            "level" eq 3        | 1  | expected the name of a field
            level eq abc        | 10 | expected a value: a "text" in quotation marks
            level eq 'abc'      | 10 | this character has no meaning here
            level eq "abc       | 10 | the text is not closed
            level eq "a\\bc"    | 12 | after `\\` only
            level eq 3 4        | 12 | expected `and`, `or` or the end
            level eq 3 and      | 15 | expected the name of a field
            (level eq 3         | 12 | expected `)`
            level eq 3)         | 11 | expected `and`, `or` or the end
            level in 3          | 10 | expected `(` and a list
            level in (3 4)      | 13 | expected `,` or `)`
            level in ()         | 11 | expected a value
            level eq 1-2        | 10 | this is not a number
            level eq 1e         | 10 | this is not a number
            level = 3           | 7  | this character has no meaning here
            level eq 3; drop    | 11 | this character has no meaning here
            """)
    void bad_input_is_refused_with_the_position_and_the_rule(String filter, int position, String rule) {
        var problem = refused(filter);
        assertThat(problem.kind()).isEqualTo(FilterProblem.INVALID_FILTER);
        assertThat(problem.errors()).hasSize(1);
        assertThat(problem.errors().getFirst().pointer()).isEqualTo("filter");
        assertThat(problem.errors().getFirst().detail()).startsWith("character " + position + ": " + rule);
        assertThat(problem.getMessage()).startsWith("At character " + position + " of `filter`: ");
    }

    @Test
    void a_refusal_repeats_no_value_and_a_filter_prints_none() {
        assertThat(refused("email eq \"anne@x.invalid\" \"again\"").getMessage())
                .doesNotContain("anne");
        assertThat(FilterParser.parse("email eq \"anne@x.invalid\" and n eq 771")
                        .toString())
                .doesNotContain("anne", "771");
    }

    @Test
    void a_text_holds_only_what_postgresql_can_hold() {
        assertThat(refused("a eq \"x\0\"").kind()).isEqualTo(FilterProblem.INVALID_FILTER);
        assertThat(refused("a eq \"x\uD83D\"").kind()).isEqualTo(FilterProblem.INVALID_FILTER);
        assertThat(refused("a eq \"\uDE00\"").kind()).isEqualTo(FilterProblem.INVALID_FILTER);
    }

    @Test
    void size_depth_and_number_of_comparisons_have_a_limit() {
        assertThat(refused("a eq \"" + "x".repeat(4_000) + "\"").getMessage()).contains("4000 characters");
        assertThat(refused("(".repeat(30) + "a eq 1" + ")".repeat(30)).getMessage())
                .contains("20 levels");
        assertThat(refused("not ".repeat(30) + "a eq 1").getMessage()).contains("20 levels");
        assertThat(refused(many(51, "a eq 1", " and ")).getMessage()).contains("50 comparisons");
        assertThat(FilterParser.parse(many(50, "a eq 1", " and "))).isInstanceOf(And.class);
        assertThat(refused("a in (" + many(101, "1", ",") + ")").getMessage()).contains("100 values");
        assertThat(FilterParser.parse("a in (" + many(100, "1", ",") + ")")).isInstanceOf(In.class);
    }

    private static String many(int count, String each, String between) {
        return IntStream.range(0, count).mapToObj(i -> each).collect(Collectors.joining(between));
    }

    private static Compare number(String field, Operator operator, int value, int at) {
        return new Compare(field, operator, new Literal.Number(BigDecimal.valueOf(value)), at);
    }

    private static Problem refused(String filter) {
        return catchThrowableOfType(Problem.class, () -> FilterParser.parse(filter));
    }
}
