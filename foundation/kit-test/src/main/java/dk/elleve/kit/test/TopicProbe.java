package dk.elleve.kit.test;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dk.elleve.contracts.Event;
import dk.elleve.contracts.EventType;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/// Says and hears events on the rig's broker as a neighbour would, without any of the kit's own code.
public final class TopicProbe implements AutoCloseable {

    /// An event as it lay on the topic.
    ///
    /// @param headers the `ce_*` headers
    /// @param value absent for a tombstone
    public record Heard(
            String topic,
            @Nullable String key,
            Map<String, String> headers,
            @Nullable String value) {

        public String type() {
            return headers.getOrDefault("ce_type", "");
        }

        public String id() {
            return headers.getOrDefault("ce_id", "");
        }

        public String tenant() {
            return headers.getOrDefault("ce_tenant", "");
        }

        public JsonNode body() {
            return JSON.readTree(value == null ? "null" : value);
        }

        /// As the class of its type; fields this build does not know are passed over.
        public <T extends Event> T as(Class<T> event) {
            return JSON.readValue(value == null ? "null" : value, event);
        }
    }

    /// Reads and writes the platform's words as the kit does: ids are strings, words of an enumeration are lower-case,
    /// what is absent is left out.
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .addMixIn(TenantId.class, TenantIdAsText.class)
            .build();

    private record TenantIdAsText(@JsonValue String value) {
        @JsonCreator
        TenantIdAsText {}
    }

    private final String bootstrapServers;
    private final KafkaProducer<String, String> producer;

    public TopicProbe(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ProducerConfig.ACKS_CONFIG, "all",
                        ProducerConfig.LINGER_MS_CONFIG, "0"),
                new StringSerializer(),
                new StringSerializer());
    }

    /// On the rig's broker.
    public static TopicProbe rig() {
        return new TopicProbe(Rig.kafka().bootstrapServers());
    }

    /// Makes topics that their owner, who does not run in this test, would have made.
    public void ensure(Topic... topics) {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            for (var topic : topics) {
                var wanted = new NewTopic(topic.wireName(), 3, (short) 1)
                        .configs(Map.of("cleanup.policy", topic.compacted() ? "compact" : "delete"));
                try {
                    admin.createTopics(List.of(wanted)).all().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new AssertionError("Topic " + topic.wireName() + " could not be made", e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// Says an event as its owner would; returns its id. The topic is made where it is missing.
    public String say(Topic topic, @Nullable String tenant, String key, Event event) {
        var id = UUID.randomUUID().toString();
        say(topic, id, tenant, key, event);
        return id;
    }

    /// With a chosen id, to say the same twice.
    public void say(Topic topic, String id, @Nullable String tenant, String key, Event event) {
        var headers = new HashMap<String, String>();
        headers.put("ce_id", id);
        headers.put("ce_type", EventType.nameOf(event.getClass()));
        headers.put("ce_source", "/" + topic.owner());
        headers.put("ce_specversion", "1.0");
        headers.put("ce_time", Instant.now().toString());
        headers.put("ce_subject", key);
        headers.put("content-type", "application/json");
        if (tenant != null) {
            headers.put("ce_tenant", tenant);
        }
        var body = JSON.writeValueAsString(event);
        var wrong = EventContract.violations(topic.wireName(), key, headers, body);
        if (!wrong.isEmpty()) {
            throw new AssertionError("No owner of " + topic.wireName() + " would say this: " + wrong);
        }
        ensure(topic);
        say(topic.wireName(), key, headers, body);
    }

    /// Anything at all, also what no owner would say; returns its partition and offset, such as `2@117`.
    public String say(String topic, @Nullable String key, Map<String, String> headers, @Nullable String value) {
        var message = new ProducerRecord<String, @Nullable String>(topic, key, value);
        headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        try {
            var stored = producer.send(message).get();
            return stored.partition() + "@" + stored.offset();
        } catch (ExecutionException e) {
            throw new AssertionError("The event could not be sent to " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    /// Everything on the topic from its beginning until now.
    public List<Heard> all(Topic topic) {
        return all(topic.wireName());
    }

    public List<Heard> all(String topic) {
        try (var consumer = consumer(bootstrapServers)) {
            return read(consumer, partitions(consumer, topic), new HashMap<>());
        }
    }

    /// Everything on the platform's topics that was not there the last time.
    ///
    /// @param seen how far each partition was read; is moved on
    static List<Heard> since(String bootstrapServers, Map<TopicPartition, Long> seen) {
        try (var consumer = consumer(bootstrapServers)) {
            var partitions = new ArrayList<TopicPartition>();
            for (var topic : Topic.values()) {
                partitions.addAll(partitions(consumer, topic.wireName()));
            }
            return read(consumer, partitions, seen);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<String, String> consumer, String topic) {
        return consumer.listTopics().getOrDefault(topic, List.of()).stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    private static List<Heard> read(
            KafkaConsumer<String, String> consumer, List<TopicPartition> partitions, Map<TopicPartition, Long> seen) {
        var heard = new ArrayList<Heard>();
        consumer.assign(partitions);
        var ends = consumer.endOffsets(partitions);
        partitions.forEach(each -> consumer.seek(each, seen.getOrDefault(each, 0L)));
        while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
            consumer.poll(Duration.ofMillis(200)).forEach(each -> heard.add(heard(each)));
        }
        partitions.forEach(each -> seen.put(each, consumer.position(each)));
        return heard;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrapServers) {
        return new KafkaConsumer<>(
                Map.<String, Object>of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /// The first event on the topic that fits, old or still to come.
    public Heard await(Topic topic, Predicate<Heard> fits) {
        return await(topic, Eventually.USUAL, fits);
    }

    public Heard await(Topic topic, Duration limit, Predicate<Heard> fits) {
        return Eventually.until(
                        "an event on " + topic.wireName(),
                        limit,
                        () -> all(topic),
                        heard -> heard.stream().anyMatch(fits))
                .stream()
                .filter(fits)
                .findFirst()
                .orElseThrow();
    }

    public Heard await(Topic topic, Class<? extends Event> type) {
        var name = EventType.nameOf(type);
        return await(topic, heard -> heard.type().equals(name));
    }

    private static Heard heard(ConsumerRecord<String, String> message) {
        var headers = new HashMap<String, String>();
        message.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return new Heard(message.topic(), message.key(), Map.copyOf(headers), message.value());
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
