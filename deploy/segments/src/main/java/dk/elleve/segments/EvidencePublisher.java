package dk.elleve.segments;

import com.github.f4b6a3.uuid.UuidCreator;
import dk.elleve.contracts.EventType;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/// Says evidence on `deploy.evidence.v1` as every service says its own: CloudEvents 1.0 in Kafka's
/// binary mode. There is no database here and so no outbox; the result file is what is kept, and
/// saying it twice says the same.
final class EvidencePublisher {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String bootstrapServers;
    private final Duration patience;

    EvidencePublisher(String bootstrapServers) {
        this(bootstrapServers, PATIENCE);
    }

    EvidencePublisher(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    /// @throws Refusal if the broker does not have all of them in time
    void publish(List<Evidence> all) {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                Math.toIntExact(patience.toMillis()),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(patience.toMillis() / 2),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(patience.toMillis()),
                ProducerConfig.LINGER_MS_CONFIG,
                0);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent =
                    all.stream().map(each -> producer.send(record(each))).collect(Collectors.toList());
            for (var each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new Refusal(
                    "Kafka at " + bootstrapServers + " did not take the evidence: " + e.getMessage()
                            + "; audit makes the topic " + Topic.DEPLOY_EVIDENCE.wireName() + " when it starts.",
                    e);
        } catch (KafkaException e) {
            throw new Refusal("Kafka at " + bootstrapServers + " cannot be used: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while publishing.", e);
        }
    }

    static ProducerRecord<String, byte[]> record(Evidence evidence) {
        var record = new ProducerRecord<>(
                Topic.DEPLOY_EVIDENCE.wireName(), evidence.claim(), JSON.writeValueAsBytes(evidence));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", evidence.id(),
                        "ce_source", "urn:elleve:" + Topic.DEPLOY_EVIDENCE.owner(),
                        "ce_type", EventType.nameOf(Evidence.class),
                        "ce_time", evidence.measuredAt().toString(),
                        "ce_subject", evidence.claim(),
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /// A new id for a piece of evidence; sorts by time (RFC 9562, version 7).
    static String newId() {
        return UuidCreator.getTimeOrderedEpoch().toString();
    }
}
