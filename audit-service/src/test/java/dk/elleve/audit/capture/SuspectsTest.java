package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.capture.RowDifference.Kind;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.RowHash;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SuspectsTest {

    private final RowHash hash = new RowHash(new byte[32]);
    private final Suspects suspects = new Suspects();

    @Test
    void rows_that_add_up_to_the_difference_are_named_by_what_happened_to_them() {
        suspects.look("same", row("a"), row("a"));
        suspects.look("gone", row("b"), null);
        suspects.look("new", null, row("c"));
        suspects.look("other", row("d"), row("e"));
        suspects.look("never", null, null);

        var found = suspects.explaining(sum("c", "e").minus(sum("b", "d"))).orElseThrow();

        assertThat(found.rows())
                .containsExactly(
                        new RowDifference(Kind.CHANGED, "other"),
                        new RowDifference(Kind.MISSING, "gone"),
                        new RowDifference(Kind.UNEXPECTED, "new"));
        assertThat(found.more()).isZero();
    }

    @Test
    void a_row_that_looks_different_and_is_no_part_of_the_difference_is_not_named() {
        suspects.look("taken as it was", row("a"), row("b"));
        suspects.look("touched", row("c"), row("d"));

        assertThat(suspects.explaining(sum("d").minus(sum("c"))).orElseThrow().rows())
                .containsExactly(new RowDifference(Kind.CHANGED, "touched"));
    }

    @Test
    void nothing_is_named_where_the_suspects_do_not_explain_the_difference() {
        assertThat(suspects.explaining(sum("a"))).isEmpty();
        for (int i = 0; i < 40; i++) {
            suspects.look("row " + i, row("a"), null);
            assertThat(suspects.explaining(sum("something else"))).isEmpty();
        }
    }

    @Test
    void of_many_the_first_are_named_and_the_others_counted() {
        var difference = Fingerprint.EMPTY;
        for (int i = 0; i < 45; i++) {
            suspects.look("row " + i, null, row("value " + i));
            difference = difference.plus(sum("value " + i));
        }

        var found = suspects.explaining(difference).orElseThrow();

        assertThat(found.rows()).hasSize(Suspects.NAMED);
        assertThat(found.more()).isEqualTo(25);
    }

    private Fingerprint sum(String... values) {
        var sum = Fingerprint.EMPTY;
        for (var value : values) {
            sum = sum.plus(Fingerprint.ofRow(row(value)));
        }
        return sum;
    }

    private byte[] row(String value) {
        var columns = new TreeMap<String, byte[]>();
        columns.put("value", RowHash.text(value));
        return hash.of("item", columns);
    }
}
