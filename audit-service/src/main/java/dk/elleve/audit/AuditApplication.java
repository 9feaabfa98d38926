package dk.elleve.audit;

import dk.elleve.kit.security.PublicPaths;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.scheduling.annotation.EnableScheduling;

@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class AuditApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(AuditApplication.class, arguments);
    }

    /// The log and the answers are for everybody: leaves hold hashes and pseudonyms, answers hold measurements.
    @Bean
    PublicPaths publicPaths() {
        return new PublicPaths(
                "/log/checkpoint", "/log/tile/**", "/log/stamps/**", "/log/anchors/*", "/answers", "/answers/**");
    }
}
