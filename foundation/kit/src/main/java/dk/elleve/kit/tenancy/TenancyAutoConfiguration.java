package dk.elleve.kit.tenancy;

import dk.elleve.kit.KitProperties;
import dk.elleve.kit.attribution.AttributedMigrations;
import dk.elleve.kit.attribution.AttributionSigner;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

@AutoConfiguration(after = JdbcClientAutoConfiguration.class, before = FlywayAutoConfiguration.class)
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(KitProperties.class)
public final class TenancyAutoConfiguration {

    TenancyAutoConfiguration() {}

    @Bean
    AttributionSigner attributionSigner(KitProperties properties) {
        return new AttributionSigner(properties.service(), properties.attributionKey());
    }

    @Bean
    FlywayConfigurationCustomizer attributedMigrations(AttributionSigner signer, Clock clock) {
        return flyway -> flyway.callbacks(new AttributedMigrations(signer, clock));
    }

    @Bean
    Transactions transactions(
            PlatformTransactionManager manager, JdbcClient jdbc, AttributionSigner signer, Clock clock) {
        return new TenantTransactionsStore(manager, jdbc, signer, clock);
    }
}
