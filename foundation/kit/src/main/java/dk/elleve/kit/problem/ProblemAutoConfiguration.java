package dk.elleve.kit.problem;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

@AutoConfiguration
public final class ProblemAutoConfiguration {

    ProblemAutoConfiguration() {}

    @Bean
    ProblemAdvice problemAdvice() {
        return new ProblemAdvice();
    }
}
