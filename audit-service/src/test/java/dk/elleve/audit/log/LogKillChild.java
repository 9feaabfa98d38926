package dk.elleve.audit.log;

import dk.elleve.kit.security.SecurityAutoConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/// The process that [LogKillTest] kills: capture, sequencer and checkpoints as the service runs them, without doors.
final class LogKillChild {

    private LogKillChild() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        new SpringApplicationBuilder(Scanned.class)
                .web(WebApplicationType.NONE)
                .properties(settings)
                .run();
    }

    @EnableAutoConfiguration(exclude = SecurityAutoConfiguration.class)
    @ComponentScan(
            basePackages = {"dk.elleve.audit.capture", "dk.elleve.audit.log", "dk.elleve.audit.checkpoint"},
            excludeFilters = @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = RestController.class))
    @ConfigurationPropertiesScan("dk.elleve.audit")
    static class Scanned {}
}
