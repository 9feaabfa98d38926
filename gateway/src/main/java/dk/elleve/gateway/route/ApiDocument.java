package dk.elleve.gateway.route;

import static org.springframework.web.servlet.function.RequestPredicates.GET;
import static org.springframework.web.servlet.function.RouterFunctions.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// All services' OpenAPI documents as one, for whoever writes a program against the API. It is the
/// committed document, to which each service's tests hold the service.
@Configuration
class ApiDocument {

    static final String FILE = "dk/elleve/contracts/openapi.json";

    @Bean
    @Order(5)
    RouterFunction<ServerResponse> wholeApi() {
        var document = new ClassPathResource(FILE);
        return route(
                GET("/api/openapi"),
                request -> ServerResponse.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noCache())
                        .body(document));
    }
}
