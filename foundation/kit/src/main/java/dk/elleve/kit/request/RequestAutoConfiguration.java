package dk.elleve.kit.request;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

@AutoConfiguration
public final class RequestAutoConfiguration {

    RequestAutoConfiguration() {}

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIdFilter(
            @Value("${elleve.request-id.believed:true}") boolean believes) {
        var registration = new FilterRegistrationBean<>(new RequestIdFilter(believes));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }
}
