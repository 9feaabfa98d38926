package dk.elleve.audit.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.AuditRig;
import dk.elleve.audit.capture.RowChange.Operation;
import dk.elleve.audit.log.PayloadSeal;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class IntakeTest extends AuditRig {

    private final Intake intake;
    private final PayloadSeal seal;
    private final SourceId source = new SourceId(UUID.randomUUID().toString(), 1, "breach");

    @Autowired
    IntakeTest(Intake intake, PayloadSeal seal) {
        this.intake = intake;
        this.seal = seal;
    }

    @Test
    void what_the_slot_sends_again_is_passed_over() throws Exception {
        intake.take(source, List.of(transaction(100, 1), transaction(200, 2)), 200);
        intake.take(source, List.of(transaction(100, 1), transaction(200, 2), transaction(300, 3)), 300);

        assertThat(rows("IntakeTest " + source.system())).isEqualTo(6);
    }

    @Test
    void a_transaction_of_very_many_rows_is_taken_over_whole() throws Exception {
        intake.take(source, List.of(transaction(100, 2 * Changes.KEPT + 5)), 100);

        assertThat(rows("IntakeTest " + source.system())).isEqualTo(2 * Changes.KEPT + 5);
    }

    @Test
    void a_transaction_of_large_rows_is_taken_over_whole() throws Exception {
        var large = "x".repeat(256 * 1024);

        intake.take(source, List.of(transaction(100, 40, large)), 100);

        assertThat(rows("IntakeTest " + source.system())).isEqualTo(40);
    }

    @Test
    void a_slot_beyond_what_it_was_told_and_another_timeline_are_gaps() {
        intake.begin(source, new SlotState(true, true, 50));
        gap("database-restored", 50);
        intake.take(source, List.of(transaction(100, 1)), 120);
        intake.begin(source, new SlotState(true, true, 120));
        intake.begin(source, new SlotState(true, true, 90));

        intake.begin(source, new SlotState(true, true, 777));

        gap("slot-moved", 777);
        intake.begin(source, new SlotState(true, false, 888));
        gap("slot-lost", 888);
        try (var topics = TopicProbe.rig()) {
            assertThat(topics.all(Topic.AUDIT_FINDINGS).stream()
                            .map(heard -> heard.as(Finding.class))
                            .filter(finding ->
                                    finding.facts().getOrDefault("slot", "").matches("120|90")))
                    .as("a slot that goes back or stays is as it should be")
                    .isEmpty();
        }
    }

    private static void gap(String reason, long slot) {
        try (var topics = TopicProbe.rig()) {
            var finding = topics.await(
                            Topic.AUDIT_FINDINGS,
                            heard -> heard.as(Finding.class)
                                    .facts()
                                    .getOrDefault("slot", "")
                                    .equals(Long.toString(slot)))
                    .as(Finding.class);
            assertThat(finding.kind()).isEqualTo("audit-gap");
            assertThat(finding.facts()).containsEntry("reason", reason).containsEntry("database", "breach");
        }
    }

    private RowTransaction transaction(long lsn, int rows) {
        return transaction(lsn, rows, "");
    }

    private RowTransaction transaction(long lsn, int rows, String note) {
        var changes = LongStream.rangeClosed(1, rows)
                .mapToObj(i -> new RowChange(
                        Operation.INSERT, "item", "", null, Map.of("id", i, "note", note), CLOCK.instant(), i))
                .toList();
        return new RowTransaction(
                7,
                lsn,
                Changes.of(JsonAutoConfiguration.mapper(), changes),
                List.of(),
                Map.of("role", "IntakeTest " + source.system()),
                new Footprint());
    }

    /// Counted by what only these rows have: the role as their actor.
    private long rows(String role) throws SQLException {
        try (var audit = Rig.postgres().superuser("audit").getConnection();
                var query = audit.prepareStatement("SELECT count(*) FROM data.entry WHERE actor_index = ?")) {
            query.setBytes(1, seal.indexOf(null, "actor", role).orElseThrow());
            try (var row = query.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
