package dk.elleve.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.KitRig;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.TopicProbe;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class OutboxRefusalTest extends KitRig {

    final Transactions transactions;
    final Outbox outbox;

    @Autowired
    OutboxRefusalTest(Transactions transactions, Outbox outbox) {
        this.transactions = transactions;
        this.outbox = outbox;
    }

    @Test
    void news_that_kafka_never_takes_is_set_aside_and_what_stands_behind_it_leaves_once() throws SQLException {
        var before = evidence("small");
        var large = evidence("x".repeat(1_100_000));
        var after = evidence("small");

        transactions.run(Scope.platform(), Actor.system("test/refusal"), () -> {
            for (var each : new Evidence[] {before, large, after}) {
                outbox.add(Topic.BREACH_EVIDENCE, each.claim(), null, each);
            }
        });

        Eventually.eventually(
                "the outbox is empty",
                () -> assertThat(count("SELECT count(*) FROM kit.outbox")).isZero());
        assertThat(count("SELECT count(*) FROM kit.set_aside WHERE topic = 'breach.evidence.v1'"
                        + " AND convert_from(body, 'UTF8')::jsonb ->> 'id' = '" + large.id() + "'"))
                .isEqualTo(1);
        try (var probe = TopicProbe.rig()) {
            assertThat(probe.all(Topic.BREACH_EVIDENCE))
                    .extracting(heard -> heard.body().path("id").asString())
                    .containsOnlyOnce(before.id(), after.id())
                    .doesNotContain(large.id());
        }
    }

    private static Evidence evidence(String text) {
        return new Evidence(
                UUID.randomUUID().toString(),
                "test.refusal",
                true,
                Instant.parse("2026-11-24T12:00:00Z"),
                Map.of("text", text));
    }
}
