package dk.elleve.tenantdata;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.TenantKey;
import dk.elleve.kit.spool.Spool;
import dk.elleve.kit.test.Faults;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/// The real keyring and spool, which can be made to die before and after each durable step.
@TestConfiguration(proxyBeanMethods = false)
class BreakableParts {

    @Bean
    Faults faults() {
        return new Faults();
    }

    @Bean
    @Primary
    Keyring breakableKeyring(@Qualifier("keyring") Keyring real, Faults faults) {
        return new Keyring() {
            @Override
            public Optional<TenantKey> find(TenantId tenant) {
                return real.find(tenant);
            }

            @Override
            public TenantKey create(TenantId tenant) {
                faults.at("before a key is made for " + tenant);
                var key = real.create(tenant);
                faults.at("after a key is made for " + tenant);
                return key;
            }

            @Override
            public void destroy(TenantId tenant) {
                faults.at("before the key is destroyed of " + tenant);
                real.destroy(tenant);
                faults.at("after the key is destroyed of " + tenant);
            }

            @Override
            public void forget(TenantId tenant) {
                real.forget(tenant);
            }
        };
    }

    @Bean
    @Primary
    Spool breakableSpool(@Qualifier("spool") Spool real, Faults faults) {
        return (topic, key, tenant, event) -> {
            faults.at("before a read is recorded of " + tenant);
            real.append(topic, key, tenant, event);
        };
    }
}
