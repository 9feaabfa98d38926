package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dk.elleve.audit.capture.Comparison.Live;
import dk.elleve.audit.capture.Comparison.Logged;
import dk.elleve.audit.capture.Comparison.Rows;
import dk.elleve.audit.capture.Comparison.Table;
import dk.elleve.audit.capture.Comparison.Unreadable;
import dk.elleve.audit.capture.Comparison.Verdict;
import dk.elleve.kit.fingerprint.Fingerprint;
import dk.elleve.kit.fingerprint.RowHash;
import dk.elleve.kit.json.JsonAutoConfiguration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private final RowHash hash = new RowHash(new byte[32]);

    @Test
    void a_fingerprint_depends_on_which_rows_there_are_and_on_nothing_else() {
        var rows = new ArrayList<>(List.of("a", "b", "b", "c"));
        var sum = rows(rows.toArray(String[]::new));
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(rows, new Random(seed));
            assertThat(rows(rows.toArray(String[]::new))).isEqualTo(sum);
        }
        assertThat(sum.plus(row("d")).minus(row("a")).plus(row("a")).minus(row("d")))
                .isEqualTo(sum);
        assertThat(Fingerprint.EMPTY.minus(row("a")).plus(row("a")).isEmpty()).isTrue();
        assertThat(rows("a", "b", "c")).as("one b less").isNotEqualTo(sum);
        assertThat(rows("a", "b", "b", "d")).isNotEqualTo(sum);
        assertThat(new RowHash(new byte[] {1, 2}).of("item", column("a")))
                .as("another key")
                .isNotEqualTo(hash.of("item", column("a")));
        assertThat(hash.of("items", column("a"))).as("another table").isNotEqualTo(hash.of("item", column("a")));
    }

    @Test
    void what_a_transaction_leaves_is_what_came_without_what_went() {
        var collector = new Collector(JsonAutoConfiguration.mapper(), new ChangeHash(hash));
        collector.accept(Records.begin(7));
        collector.accept(Records.insert(1, "gone with the others"));
        collector.accept(Records.truncate());
        collector.accept(Records.insert(2, "a"));
        collector.accept(Records.update(2, "a", "b"));
        collector.accept(Records.leaving(2, "b"));
        collector.accept(Records.arriving(3, "b"));
        var once = ((Collector.Whole) collector.accept(Records.end(7, 10))).transaction();
        collector.accept(Records.begin(8));
        collector.accept(Records.insert(3, "b"));
        var direct = ((Collector.Whole) collector.accept(Records.end(8, 20))).transaction();

        assertThat(once.footprint().steps().get("item").emptied()).isTrue();
        assertThat(once.footprint().steps().get("item").on(rows("whatever")))
                .isEqualTo(direct.footprint().steps().get("item").on(Fingerprint.EMPTY));
    }

    @Test
    void each_table_is_judged_by_itself() {
        var comparison = Comparison.of(
                "breach",
                77,
                true,
                Map.of(
                        "equal", new Logged(rows("a"), true),
                        "changed", new Logged(rows("a", "b"), true),
                        "lost", new Logged(rows("a"), true),
                        "dropped", new Logged(rows("a"), false),
                        "restructured", new Logged(rows("a"), false),
                        "odd", new Logged(rows("a"), true)),
                Map.of(
                        "equal", new Rows(rows("a")),
                        "changed", new Rows(rows("a", "c")),
                        "restructured", new Rows(rows("b")),
                        "odd", new Unreadable(),
                        "new-and-empty", new Rows(Fingerprint.EMPTY),
                        "never-told", new Rows(rows("x"))));

        assertThat(comparison.tables())
                .extracting(Table::name, Table::verdict)
                .containsExactly(
                        tuple("changed", Verdict.DIFFERENT),
                        tuple("equal", Verdict.EQUAL),
                        tuple("lost", Verdict.DIFFERENT),
                        tuple("never-told", Verdict.DIFFERENT),
                        tuple("new-and-empty", Verdict.EQUAL),
                        tuple("odd", Verdict.UNREADABLE),
                        tuple("restructured", Verdict.BEGUN));
        assertThat(comparison.holds()).isFalse();
    }

    @Test
    void a_source_that_was_never_compared_begins_with_what_is_there() {
        var comparison = Comparison.of("breach", 77, false, Map.of(), Map.of("item", (Live) new Rows(rows("a"))));

        assertThat(comparison.with(Verdict.BEGUN)).hasSize(1);
        assertThat(comparison.holds()).isTrue();
    }

    @Test
    void a_difference_has_a_name_that_work_on_other_rows_does_not_change() {
        var first = difference(rows("a", "b"), rows("a"));
        var later = difference(rows("a", "b", "c"), rows("a", "c"));
        var another = difference(rows("a", "b"), rows("b"));

        assertThat(later).isEqualTo(first);
        assertThat(another).isNotEqualTo(first);
    }

    @Test
    void only_what_may_change_rows_unseen_begins_a_table_anew() {
        assertThat(Restructuring.of("ALTER TABLE", "table", "data.item")).contains(new Restructuring.OfTable("item"));
        assertThat(Restructuring.of("ALTER TABLE", "table column", "data.item.note"))
                .contains(new Restructuring.OfTable("item"));
        assertThat(Restructuring.of("DROP TABLE", "table", "data.item")).contains(new Restructuring.OfTable("item"));
        assertThat(Restructuring.of("ALTER TABLE", "table", "data.\"odd.name\""))
                .contains(new Restructuring.OfAnything());
        assertThat(Restructuring.of("DROP TYPE", "type", "data.mood")).contains(new Restructuring.OfAnything());
        for (var harmless : List.of("CREATE TABLE", "CREATE INDEX", "GRANT", "COMMENT", "CREATE TRIGGER")) {
            assertThat(Restructuring.of(harmless, "table", "data.item")).isEqualTo(Optional.empty());
        }
        assertThat(Restructuring.of("ALTER TABLE", "index", "data.item_pkey")).isEmpty();
    }

    private static UUID difference(Fingerprint logged, Fingerprint live) {
        var compared = Comparison.of(
                "breach", 1, true, Map.of("item", new Logged(logged, true)), Map.of("item", (Live) new Rows(live)));
        return Objects.requireNonNull(compared.tables().getFirst().difference());
    }

    private Fingerprint rows(String... values) {
        var sum = Fingerprint.EMPTY;
        for (var value : values) {
            sum = sum.plus(row(value));
        }
        return sum;
    }

    private Fingerprint row(String value) {
        return Fingerprint.ofRow(hash.of("item", column(value)));
    }

    private static TreeMap<String, byte[]> column(String value) {
        return new TreeMap<>(Map.of("note", RowHash.text(value)));
    }
}
