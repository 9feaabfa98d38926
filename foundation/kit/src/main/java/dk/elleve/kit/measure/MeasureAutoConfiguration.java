package dk.elleve.kit.measure;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.time.Clock;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.EnableScheduling;

@AutoConfiguration(after = {CompositeMeterRegistryAutoConfiguration.class, JdbcClientAutoConfiguration.class})
@EnableScheduling
public final class MeasureAutoConfiguration {

    /// Of the hundreds of numbers that Kafka's clients offer, those that a rule or a panel looks at.
    private static final Set<String> KAFKA =
            Set.of("kafka.consumer.fetch.manager.records.lag", "kafka.consumer.coordinator.last.heartbeat.seconds.ago");

    MeasureAutoConfiguration() {}

    @Bean
    Sampling sampling(ObjectProvider<Sampler> samplers, MeterRegistry meters, Clock clock) {
        return new Sampling(samplers.orderedStream().toList(), meters, clock);
    }

    @Bean
    @ConditionalOnBean(DataSource.class)
    DatabaseStore databaseSampler(JdbcClient jdbc) {
        return new DatabaseStore(jdbc);
    }

    @Bean
    static MeterFilter fewKafkaMeters() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return id.getName().startsWith("kafka.") && !KAFKA.contains(id.getName())
                        ? MeterFilterReply.DENY
                        : MeterFilterReply.NEUTRAL;
            }
        };
    }
}
