package dk.elleve.kit.outbox;

import dk.elleve.kit.messaging.Envelopes;
import dk.elleve.kit.messaging.EventSender;
import dk.elleve.kit.messaging.MessagingAutoConfiguration;
import dk.elleve.kit.messaging.SetAsideStore;
import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@AutoConfiguration(after = MessagingAutoConfiguration.class)
@ConditionalOnBean(DataSource.class)
public final class OutboxAutoConfiguration {

    OutboxAutoConfiguration() {}

    @Bean
    Signal outboxSignal() {
        return new Signal();
    }

    @Bean
    OutboxStore outbox(JdbcClient jdbc, Envelopes envelopes, Signal signal) {
        return new OutboxStore(jdbc, envelopes, signal);
    }

    @Bean
    OutboxSampler outboxSampler(OutboxStore store) {
        return new OutboxSampler(store);
    }

    @Bean
    OutboxRelay outboxRelay(
            OutboxStore store,
            SetAsideStore setAside,
            EventSender sender,
            PlatformTransactionManager manager,
            Signal signal,
            MeterRegistry meters) {
        return new OutboxRelay(store, setAside, sender, new TransactionTemplate(manager), signal, meters);
    }
}
