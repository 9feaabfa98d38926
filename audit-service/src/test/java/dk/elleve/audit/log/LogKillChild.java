package dk.elleve.audit.log;

import dk.elleve.kit.blob.BlobAutoConfiguration;
import dk.elleve.kit.json.JsonAutoConfiguration;
import dk.elleve.kit.keyring.KeyringAutoConfiguration;
import dk.elleve.kit.messaging.MessagingAutoConfiguration;
import dk.elleve.kit.outbox.OutboxAutoConfiguration;
import dk.elleve.kit.tenancy.TenancyAutoConfiguration;
import dk.elleve.kit.time.TimeAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/// The process that [LogKillTest] kills: capture, sequencer and checkpoints as the service runs them, and nothing
/// that would make it start slower.
final class LogKillChild {

    private LogKillChild() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .properties(settings)
                .run();
    }

    @ImportAutoConfiguration({
        PropertyPlaceholderAutoConfiguration.class,
        ConfigurationPropertiesAutoConfiguration.class,
        DataSourceAutoConfiguration.class,
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        JdbcClientAutoConfiguration.class,
        TransactionAutoConfiguration.class,
        FlywayAutoConfiguration.class,
        JacksonAutoConfiguration.class,
        JsonAutoConfiguration.class,
        TimeAutoConfiguration.class,
        TenancyAutoConfiguration.class,
        BlobAutoConfiguration.class,
        KeyringAutoConfiguration.class,
        MessagingAutoConfiguration.class,
        OutboxAutoConfiguration.class
    })
    @ComponentScan(
            basePackages = {"dk.elleve.audit.capture", "dk.elleve.audit.log", "dk.elleve.audit.checkpoint"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = RestController.class))
    @ConfigurationPropertiesScan("dk.elleve.audit")
    static class Parts {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}
