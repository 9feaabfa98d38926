package dk.elleve.kit.residency;

import dk.elleve.kit.KitProperties;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.outbox.OutboxAutoConfiguration;
import dk.elleve.kit.tenancy.TenancyAutoConfiguration;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

@AutoConfiguration(after = {OutboxAutoConfiguration.class, TenancyAutoConfiguration.class})
@ConditionalOnBean(Outbox.class)
@EnableScheduling
public final class ResidencyEvidenceAutoConfiguration {

    ResidencyEvidenceAutoConfiguration() {}

    @Bean
    ResidencyEvidence residencyEvidence(
            Residency residency,
            ObjectProvider<ResidencyCheck> checks,
            KitProperties properties,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        return new ResidencyEvidence(
                residency, checks.orderedStream().toList(), properties, transactions, outbox, clock);
    }
}
