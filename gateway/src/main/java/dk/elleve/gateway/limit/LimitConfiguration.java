package dk.elleve.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration
class LimitConfiguration {

    @Bean
    LimitFilter limitFilter(LimitProperties limits, JsonMapper json, MeterRegistry meters) {
        return new LimitFilter(limits, json, meters);
    }

    /// It runs inside the security chain, where the caller is known, and not a second time by itself.
    @Bean
    FilterRegistrationBean<LimitFilter> limitFilterStandsInTheChain(LimitFilter filter) {
        var registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }
}
