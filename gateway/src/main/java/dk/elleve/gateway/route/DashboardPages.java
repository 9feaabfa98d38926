package dk.elleve.gateway.route;

import static org.springframework.web.servlet.function.RequestPredicates.GET;
import static org.springframework.web.servlet.function.RouterFunctions.route;

import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/// The dashboard's pages are drawn in the browser: each of their addresses gets the same document.
@Configuration
class DashboardPages {

    private static final Pattern PAGE =
            Pattern.compile("/(?!api/|session/|actuator/|assets/)[a-z0-9/-]*", Pattern.CASE_INSENSITIVE);

    @Bean
    @Order(10)
    RouterFunction<ServerResponse> pages() {
        var document = new ClassPathResource("static/index.html");
        return route(
                GET("/**").and(request -> PAGE.matcher(request.path()).matches()),
                request -> ServerResponse.ok()
                        .contentType(MediaType.TEXT_HTML)
                        .cacheControl(CacheControl.noCache())
                        .body(document));
    }
}
