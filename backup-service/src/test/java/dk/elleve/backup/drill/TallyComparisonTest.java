package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.audit.TallyEvent.Table;
import dk.elleve.kit.fingerprint.Fingerprint;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TallyComparisonTest {

    private static final Fingerprint FIVE = new Fingerprint(5, BigInteger.valueOf(55));
    private static final Fingerprint OTHER_FIVE = new Fingerprint(5, BigInteger.valueOf(56));
    private static final Fingerprint SIX = new Fingerprint(6, BigInteger.valueOf(66));

    private static String commitment(String database, String table, Fingerprint fingerprint) {
        return database + "/" + table + "/" + fingerprint.rows() + "/" + fingerprint.sum();
    }

    private static Table tally(String table, Fingerprint fingerprint) {
        return new Table(table, fingerprint.rows(), commitment("one", table, fingerprint));
    }

    private static Table withoutBeginning(String table) {
        return new Table(table, -3, null);
    }

    private static LogMark.Database complete(Table... tables) {
        return new LogMark.Database("one", true, List.of(tables));
    }

    private static LogMark.Database incomplete(Table... tables) {
        return new LogMark.Database("one", false, List.of(tables));
    }

    private static TallyComparison compare(LogMark.Database tallied, Map<String, Optional<Fingerprint>> tables) {
        return TallyComparison.of(List.of(tallied), Map.of("one", tables), TallyComparisonTest::commitment);
    }

    @Test
    void what_agrees_is_counted() {
        var compared = compare(
                complete(tally("a", FIVE), tally("b", SIX)), Map.of("a", Optional.of(FIVE), "b", Optional.of(SIX)));

        assertThat(compared).isEqualTo(new TallyComparison(2, 11, 0, List.of()));
    }

    @Test
    void another_number_of_rows_is_told_with_both() {
        assertThat(compare(complete(tally("a", FIVE)), Map.of("a", Optional.of(SIX)))
                        .differences())
                .containsExactly("one.a: 5 rows by the log, 6 restored");
    }

    @Test
    void as_many_rows_that_are_others_are_a_difference() {
        assertThat(compare(complete(tally("a", FIVE)), Map.of("a", Optional.of(OTHER_FIVE)))
                        .differences())
                .containsExactly("one.a: 5 rows by the log, 5 restored, but not the same");
    }

    @Test
    void a_commitment_of_another_table_does_not_count() {
        var swapped = new Table("a", 5, commitment("one", "b", FIVE));

        assertThat(compare(complete(swapped), Map.of("a", Optional.of(FIVE))).differences())
                .hasSize(1);
    }

    @Test
    void a_table_without_a_known_beginning_is_not_compared() {
        assertThat(compare(
                        complete(tally("a", FIVE), withoutBeginning("b")),
                        Map.of("a", Optional.of(FIVE), "b", Optional.of(SIX))))
                .isEqualTo(new TallyComparison(1, 5, 1, List.of()));
    }

    @Test
    void a_table_that_cannot_be_read_is_not_compared_whatever_the_log_says_of_it() {
        assertThat(compare(complete(tally("a", FIVE)), Map.of("a", Optional.empty(), "b", Optional.empty())))
                .isEqualTo(new TallyComparison(0, 0, 2, List.of()));
    }

    @Test
    void a_table_that_is_not_listed_has_no_rows_where_all_that_have_are_listed() {
        var tables = Map.of("a", Optional.of(FIVE), "b", Optional.of(SIX), "c", Optional.of(Fingerprint.EMPTY));

        var compared = compare(complete(tally("a", FIVE)), tables);

        assertThat(compared.differences()).containsExactly("one.b: 0 rows by the log, 6 restored");
        assertThat(compared.tables()).isEqualTo(3);
    }

    @Test
    void nothing_is_known_of_a_table_that_is_not_listed_where_not_all_are() {
        assertThat(compare(
                        incomplete(tally("a", FIVE)),
                        Map.of("a", Optional.of(FIVE), "b", Optional.of(SIX), "c", Optional.of(Fingerprint.EMPTY))))
                .isEqualTo(new TallyComparison(1, 5, 2, List.of()));
    }

    @Test
    void a_table_that_is_gone_must_have_had_no_rows() {
        assertThat(compare(complete(tally("a", FIVE), tally("b", Fingerprint.EMPTY)), Map.of())
                        .differences())
                .containsExactly("one.a: 5 rows by the log, 0 restored");
    }

    @Test
    void a_table_that_is_gone_and_without_a_known_beginning_is_not_compared() {
        assertThat(compare(incomplete(withoutBeginning("a")), Map.of()))
                .isEqualTo(new TallyComparison(0, 0, 1, List.of()));
    }

    @Test
    void rows_that_went_and_came_otherwise_than_in_whole_are_no_empty_table() {
        var nothingLeft = new Fingerprint(0, BigInteger.ONE);

        assertThat(compare(complete(tally("a", nothingLeft)), Map.of("a", Optional.of(Fingerprint.EMPTY)))
                        .differences())
                .containsExactly("one.a: 0 rows by the log, 0 restored, but not the same");
    }

    @Test
    void a_database_that_is_gone_is_told_once_and_only_if_it_had_rows() {
        var gone = complete(tally("a", FIVE), tally("b", SIX), tally("c", Fingerprint.EMPTY));

        assertThat(TallyComparison.of(List.of(gone), Map.of(), TallyComparisonTest::commitment)
                        .differences())
                .containsExactly("database one is not there, 2 of its tables have rows by the log");
        assertThat(TallyComparison.of(
                        List.of(complete(tally("c", Fingerprint.EMPTY))), Map.of(), TallyComparisonTest::commitment))
                .isEqualTo(new TallyComparison(1, 0, 0, List.of()));
        assertThat(TallyComparison.of(List.of(complete()), Map.of(), TallyComparisonTest::commitment)
                        .differences())
                .isEmpty();
    }

    @Test
    void a_database_that_was_not_tallied_is_left_alone() {
        var compared = TallyComparison.of(
                List.of(complete(tally("a", FIVE))),
                Map.of("one", Map.of("a", Optional.of(FIVE)), "two", Map.of("a", Optional.of(SIX))),
                TallyComparisonTest::commitment);

        assertThat(compared).isEqualTo(new TallyComparison(1, 5, 0, List.of()));
    }
}
