package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.audit.capture.RowChange.Operation;
import dk.elleve.kit.attribution.Attribution;
import dk.elleve.kit.fingerprint.RowHash;
import dk.elleve.kit.json.JsonAutoConfiguration;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.util.RawValue;

class CollectorTest {

    private final Collector collector =
            new Collector(JsonAutoConfiguration.mapper(), new ChangeHash(new RowHash(new byte[32])));

    @Test
    void a_transaction_comes_out_whole_and_at_its_end_only() {
        for (var each : List.of(
                Records.begin(7),
                Records.message(Attribution.PREFIX, "signed"),
                Records.insert(1, null),
                Records.update(1, "a", "b"),
                Records.delete(1, "b"),
                Records.truncate())) {
            assertThat(collector.accept(each)).isInstanceOf(Collector.Nothing.class);
        }

        var whole = whole(Records.end(7, 4711));

        assertThat(whole.id()).isEqualTo(7);
        assertThat(whole.commitLsn()).isEqualTo(4711);
        assertThat(whole.attributions()).containsExactly("signed");
        var changes = whole.changes().stream().toList();
        assertThat(changes)
                .extracting(RowChange::operation)
                .containsExactly(Operation.INSERT, Operation.UPDATE, Operation.DELETE, Operation.TRUNCATE);
        assertThat(changes).extracting(RowChange::order).containsExactly(1L, 2L, 3L, 4L);
        assertThat(changes.getFirst().key()).isEqualTo("1");
        assertThat(changes.getFirst().committed()).isEqualTo(Instant.parse("2026-03-01T09:00:00.000123Z"));
        assertThat(changes.getFirst().after()).containsEntry("note", null).containsEntry("id", 1L);
        assertThat(changes.get(1).before()).containsEntry("note", "a");
    }

    @Test
    void a_changed_key_is_one_update() {
        collector.accept(Records.begin(7));
        collector.accept(Records.leaving(1, "a"));
        collector.accept(Records.arriving(2, "a"));

        var changes = whole(Records.end(7, 10)).changes().stream().toList();

        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().operation()).isEqualTo(Operation.UPDATE);
        assertThat(changes.getFirst().before()).containsEntry("id", 1L);
        assertThat(changes.getFirst().after()).containsEntry("id", 2L);
    }

    @Test
    void what_is_not_whole_is_refused() {
        assertThatThrownBy(() -> collector.accept(Records.insert(1, "x"))).hasMessageContaining("outside");
        assertThatThrownBy(() -> collector.accept(Records.end(7, 1))).hasMessageContaining("not whole");
        assertThatThrownBy(() -> collector.accept(Records.message(Attribution.PREFIX, "x")))
                .hasMessageContaining("outside");
        collector.accept(Records.begin(7));
        assertThatThrownBy(() -> collector.accept(Records.begin(8))).hasMessageContaining("inside another");
        assertThatThrownBy(() -> collector.accept(Records.end(8, 1))).hasMessageContaining("not whole");
        collector.accept(Records.leaving(1, "a"));
        assertThatThrownBy(() -> collector.accept(Records.insert(2, "x"))).hasMessageContaining("did not arrive");
        assertThatThrownBy(() -> collector.accept(Records.end(7, 1))).hasMessageContaining("not whole");
    }

    @Test
    void a_message_outside_of_transactions_vouches_for_none() {
        collector.accept(Records.begin(7));
        collector.accept(Records.message(Attribution.PREFIX, "not bound", null));
        collector.accept(Records.insert(1, "x"));

        assertThat(whole(Records.end(7, 10)).attributions()).isEmpty();
    }

    @Test
    void a_heartbeat_tells_a_position_between_transactions_only() {
        var beat = Records.message(Collector.HEARTBEAT, "", null);

        assertThat(collector.accept(beat)).isEqualTo(new Collector.Alive(99));
        collector.accept(Records.begin(7));
        assertThat(collector.accept(beat)).isInstanceOf(Collector.Nothing.class);
        whole(Records.end(7, 100));
        assertThat(collector.accept(beat)).isInstanceOf(Collector.Alive.class);
    }

    @Test
    void what_is_said_of_the_session_is_taken_with_suspicion() {
        collector.accept(Records.begin(7));
        for (var said : List.of(
                "{\"role\":\"owner\",\"application\":\"psql\",\"pid\":42,\"more\":\"x\"}",
                "{\"role\":\"somebody-else\"}",
                "null",
                "{\"role\":null}",
                "{\"role\":{}}",
                "[]",
                "{\"application\":\"" + "x".repeat(1000) + "\"}")) {
            collector.accept(Records.message("audit.session", said));
        }
        collector.accept(Records.insert(1, "x"));

        var session = whole(Records.end(7, 10)).session();

        assertThat(session).containsEntry("role", "owner or somebody-else").containsEntry("pid", "42");
        assertThat(session).doesNotContainKey("more");
        assertThat(session.get("application")).hasSizeLessThan(100);
    }

    @Test
    void a_large_transaction_comes_out_in_order_as_often_as_it_is_asked() {
        int rows = 3 * Changes.KEPT + 17;
        collector.accept(Records.begin(7));
        LongStream.rangeClosed(1, rows).forEach(id -> collector.accept(Records.update(id, "a", null + "-" + id)));

        try (var changes = whole(Records.end(7, 10)).changes()) {
            assertThat(changes.size()).isEqualTo(rows);
            for (int time = 0; time < 2; time++) {
                assertThat(changes.stream().map(RowChange::order))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, rows).boxed().toList());
            }
            var middle = changes.stream().skip(Changes.KEPT).findFirst().orElseThrow();
            assertThat(middle.operation()).isEqualTo(Operation.UPDATE);
            assertThat(middle.committed()).isEqualTo(Instant.parse("2026-03-01T09:00:00.000123Z"));
            assertThat(middle.value("note")).isEqualTo("null-" + (Changes.KEPT + 1));
        }
    }

    @Test
    void a_transaction_of_large_rows_is_on_disk_and_comes_out_whole_and_in_order() {
        int rows = 60;
        var large = "x".repeat(256 * 1024);
        var transaction = new Changes(JsonAutoConfiguration.mapper());
        for (long order = 1; order <= rows; order++) {
            transaction.add(new RowChange(
                    Operation.DELETE,
                    "item",
                    Long.toString(order),
                    Map.of("note", order + large, "fields", new RawValue("{\"level\": 3.00000000000000000001}")),
                    null,
                    Instant.EPOCH,
                    order));
            assertThat(transaction.sizeInMemory()).isLessThan(Changes.KEPT_SIZE + 2 * large.length());
        }

        try (transaction) {
            assertThat(transaction.size()).isEqualTo(rows);
            assertThat(transaction.stream().map(change -> change.value("note")))
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, rows)
                            .mapToObj(order -> order + large)
                            .toList());
            var first = transaction.stream().findFirst().orElseThrow();
            assertThat(first.value("fields"))
                    .as("no digit is lost on disk")
                    .isEqualTo(Map.of("level", new BigDecimal("3.00000000000000000001")));
        }
    }

    @Test
    void a_column_without_a_value_stays_one_in_a_large_transaction() {
        collector.accept(Records.begin(7));
        LongStream.rangeClosed(1, Changes.KEPT + 1).forEach(id -> collector.accept(Records.insert(id, null)));

        try (var changes = whole(Records.end(7, 10)).changes()) {
            assertThat(changes.stream().findFirst().orElseThrow().after()).containsEntry("note", null);
        }
    }

    private RowTransaction whole(SourceRecord end) {
        return ((Collector.Whole) collector.accept(end)).transaction();
    }
}
