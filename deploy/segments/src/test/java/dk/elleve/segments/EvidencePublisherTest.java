package dk.elleve.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.messaging.Envelopes;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.TopicProbe;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Said to a real broker, and read as every listener of the platform reads.
class EvidencePublisherTest {

    private final List<Evidence> evidence =
            MeasuredTest.measured(List.of("a->b:1"), List.of()).evidence();

    @Test
    void evidence_arrives_as_the_platform_says_it() {
        try (var topics = TopicProbe.rig()) {
            topics.ensure(Topic.DEPLOY_EVIDENCE);

            new EvidencePublisher(Rig.kafka().bootstrapServers()).publish(evidence);

            var heard = topics.all(Topic.DEPLOY_EVIDENCE);
            assertThat(heard).extracting("key").containsExactlyInAnyOrder("network.reachability", "network.diagram");
            assertThat(heard).extracting(each -> each.as(Evidence.class)).containsExactlyInAnyOrderElementsOf(evidence);
        }
    }

    @Test
    void a_listener_of_the_kit_unpacks_it() {
        var envelopes = new Envelopes(JsonAutoConfiguration.mapper(), Clock.systemUTC(), "audit");
        var record = EvidencePublisher.record(evidence.getFirst());

        var received = envelopes.unpack(record.topic(), record.headers(), record.value());

        assertThat(received.event()).isEqualTo(evidence.getFirst());
        assertThat(received.topic()).isEqualTo(Topic.DEPLOY_EVIDENCE);
        assertThat(received.id()).isEqualTo(evidence.getFirst().id());
        assertThat(received.source()).isEqualTo("urn:elleve:deploy");
    }

    @Test
    void a_broker_that_is_not_there_is_one_sentence() {
        assertThatThrownBy(() -> new EvidencePublisher("127.0.0.1:1", Duration.ofSeconds(1)).publish(evidence))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("Kafka at 127.0.0.1:1 did not take the evidence: ");
    }
}
