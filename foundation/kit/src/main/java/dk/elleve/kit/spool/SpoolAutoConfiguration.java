package dk.elleve.kit.spool;

import dk.elleve.kit.messaging.Envelopes;
import dk.elleve.kit.messaging.EventSender;
import dk.elleve.kit.messaging.MessagingAutoConfiguration;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

@AutoConfiguration(after = MessagingAutoConfiguration.class)
@ConditionalOnProperty("elleve.spool.directory")
@EnableConfigurationProperties(SpoolProperties.class)
public final class SpoolAutoConfiguration {

    SpoolAutoConfiguration() {}

    @Bean
    FileSpool spool(SpoolProperties properties, Envelopes envelopes, EventSender sender, JsonMapper json) {
        return new FileSpool(
                properties.directory(), properties.bound().toBytes(), properties.patience(), envelopes, sender, json);
    }

    @Bean
    SpoolSampler spoolSampler(FileSpool spool, Clock clock) {
        return new SpoolSampler(spool, clock);
    }
}
