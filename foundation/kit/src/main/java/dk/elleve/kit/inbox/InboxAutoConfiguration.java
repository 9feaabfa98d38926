package dk.elleve.kit.inbox;

import io.micrometer.core.instrument.MeterRegistry;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

@AutoConfiguration(after = JdbcClientAutoConfiguration.class)
@ConditionalOnBean(DataSource.class)
public final class InboxAutoConfiguration {

    InboxAutoConfiguration() {}

    @Bean
    Inbox inbox(JdbcClient jdbc, MeterRegistry meters) {
        return new InboxStore(jdbc, meters);
    }
}
