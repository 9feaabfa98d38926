package dk.elleve.kit.residency;

import java.util.ArrayList;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;

@AutoConfiguration
@EnableConfigurationProperties(ResidencyProperties.class)
public final class ResidencyAutoConfiguration {

    ResidencyAutoConfiguration() {}

    @Bean
    Residency residency(ResidencyProperties properties, Environment environment) {
        var endpoints = new ArrayList<String>();
        addIf(environment, "spring.datasource.url", "database", endpoints);
        addIf(environment, "spring.kafka.bootstrap-servers", "kafka", endpoints);
        addIf(environment, "elleve.blob.connection-string", "blob", endpoints);
        addIf(environment, "elleve.master-key", "keys", endpoints);
        addIf(environment, "elleve.backup.master-key-id", "key-vault", endpoints);
        addIf(environment, "spring.mail.host", "mail", endpoints);
        addIf(environment, "elleve.audit.siem[0].host", "siem", endpoints);
        addIf(environment, "spring.security.oauth2.resourceserver.jwt.issuer-uri", "identity", endpoints);
        addIf(environment, "management.opentelemetry.tracing.export.otlp.endpoint", "traces", endpoints);
        return new Residency(properties, endpoints, environment.acceptsProfiles(Profiles.of("local")));
    }

    private static void addIf(Environment environment, String setting, String endpoint, ArrayList<String> endpoints) {
        if (environment.containsProperty(setting)) {
            endpoints.add(endpoint);
        }
    }
}
