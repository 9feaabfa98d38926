package dk.elleve.kit.messaging;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.KitProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.MicrometerConsumerListener;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.serializer.ErrorHandlingDeserializer;
import org.springframework.util.backoff.ExponentialBackOff;
import tools.jackson.databind.json.JsonMapper;

@AutoConfiguration(before = KafkaAutoConfiguration.class, after = JdbcClientAutoConfiguration.class)
@EnableConfigurationProperties({KitProperties.class, KafkaProperties.class})
public final class MessagingAutoConfiguration {

    MessagingAutoConfiguration() {}

    @Bean
    Envelopes envelopes(JsonMapper json, Clock clock, KitProperties properties) {
        return new Envelopes(json, clock, properties.service());
    }

    @Bean
    EventSender eventSender(KafkaProperties kafka, KitProperties properties, MeterRegistry meters) {
        var settings = kafka.buildProducerProperties();
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        // The outbox and the spool keep what was not sent, so a send gives up early and is repeated in order.
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
        var producers = new DefaultKafkaProducerFactory<>(settings, new StringSerializer(), new ByteArraySerializer());
        return new EventSender(producers, Topic.of(properties.owner()), meters);
    }

    /// Typed by Object because Boot's listener container asks for exactly that and would make its own otherwise.
    @Bean
    ConsumerFactory<Object, Object> consumerFactory(KafkaProperties kafka, Envelopes envelopes, MeterRegistry meters) {
        var consumers = new DefaultKafkaConsumerFactory<Object, Object>(
                kafka.buildConsumerProperties(),
                () -> (topic, data) -> data == null ? null : new String(data, StandardCharsets.UTF_8),
                () -> new ErrorHandlingDeserializer<>(new ReceivedDeserializer(envelopes)));
        consumers.addListener(new MicrometerConsumerListener<>(meters));
        return consumers;
    }

    @Bean
    TenantOfRecord tenantOfRecord() {
        return new TenantOfRecord();
    }

    /// The topics this service owns, and those of owners without a service that it is told to make; made when they are
    /// missing. The broker may be away: they are made when it is back.
    @Bean
    KafkaAdmin.NewTopics ownTopics(
            KitProperties properties,
            @Value("${elleve.kafka.topics-of:}") List<String> others,
            @Value("${elleve.kafka.partitions:3}") int partitions,
            @Value("${elleve.kafka.replicas:1}") int replicas) {
        return new KafkaAdmin.NewTopics(Stream.concat(Stream.of(properties.owner()), others.stream())
                .flatMap(owner -> Topic.of(owner).stream())
                .map(topic -> {
                    var builder = TopicBuilder.name(topic.wireName())
                            .partitions(partitions)
                            .replicas(replicas);
                    return (topic.compacted()
                                    ? builder.compact()
                                    : builder.config(
                                            TopicConfig.RETENTION_MS_CONFIG, Long.toString(30L * 24 * 3600 * 1000)))
                            .build();
                })
                .toArray(org.apache.kafka.clients.admin.NewTopic[]::new));
    }

    @Bean
    @ConditionalOnBean(DataSource.class)
    SetAsideStore setAsideStore(JdbcClient jdbc, DataSource dataSource, MeterRegistry meters) {
        return new SetAsideStore(jdbc, dataSource, meters);
    }

    @Bean
    @ConditionalOnBean(DataSource.class)
    Replay replay(
            SetAsideStore store,
            Envelopes envelopes,
            EventSender sender,
            ObjectProvider<KafkaListenerEndpointRegistry> listeners,
            MeterRegistry meters) {
        return new Replay(store, envelopes, sender, listeners, meters);
    }

    @Bean
    @ConditionalOnBean(DataSource.class)
    SetAsideSampler setAsideSampler(SetAsideStore store) {
        return new SetAsideSampler(store);
    }

    /// Two kinds of failure: something is away, then the same message is tried again for ever with
    /// growing pauses; the message itself is bad, then it is set aside.
    @Bean
    @ConditionalOnBean(DataSource.class)
    CommonErrorHandler errorHandler(SetAsideStore store) {
        var pauses = new ExponentialBackOff(200, 2);
        pauses.setMaxInterval(10_000);
        pauses.setMaxElapsedTime(Long.MAX_VALUE);
        var handler = new DefaultErrorHandler(new SettingAside(store), pauses);
        handler.addNotRetryableExceptions(UnreadableEvent.class);
        return handler;
    }
}
