package dk.elleve.gateway.route;

import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.removeRequestHeader;
import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.stripPrefix;
import static org.springframework.cloud.gateway.server.mvc.filter.BeforeFilterFunctions.uri;
import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
import static org.springframework.web.servlet.function.RequestPredicates.path;

import dk.elleve.gateway.access.AccessRecorder;
import dk.elleve.kit.request.RequestId;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.function.RequestPredicate;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/// Path to service; nothing else. A path that stands here for no service reaches nobody.
@Configuration
class Routes {

    static final List<String> IDENTITY = List.of("tenants", "me", "access-requests", "login-resets");
    static final List<String> TENANT_DATA = List.of("areas", "subject-requests", "processing-record", "subjects");
    static final List<String> BACKUP = List.of("backups");
    static final List<String> AUDIT = List.of("audit", "log", "answers", "changes");
    static final List<String> BREACH = List.of("breaches", "exercises");

    @Bean
    @Order(0)
    RouterFunction<ServerResponse> services(ServiceUrls urls, AccessRecorder accesses) {
        // These two lie under a path of identity-service but tell of data.
        return to("tenant-exports", urls.tenantData(), accesses, path("/api/tenants/*/export"))
                .and(to(
                        "erasure-certificates",
                        urls.tenantData(),
                        accesses,
                        path("/api/tenants/*/erasure-certificate")))
                .and(to("identity", urls.identity(), accesses, under(IDENTITY)))
                .and(to("tenant-data", urls.tenantData(), accesses, under(TENANT_DATA)))
                .and(to("backup", urls.backup(), accesses, under(BACKUP)))
                .and(to("audit", urls.audit(), accesses, under(AUDIT)))
                .and(to("breach", urls.breach(), accesses, under(BREACH)));
    }

    private static RouterFunction<ServerResponse> to(
            String name, URI service, AccessRecorder accesses, RequestPredicate paths) {
        return route(name)
                .route(paths, http())
                .before(stripPrefix(1))
                .before(uri(service))
                .before(removeRequestHeader("Cookie"))
                .before(Routes::withRequestId)
                .filter(accesses::record)
                .build();
    }

    private static ServerRequest withRequestId(ServerRequest request) {
        return ServerRequest.from(request)
                .headers(headers -> headers.set(RequestId.HEADER, RequestId.current()))
                .build();
    }

    private static RequestPredicate under(List<String> words) {
        return words.stream()
                .flatMap(word -> Arrays.stream(new String[] {"/api/" + word, "/api/" + word + "/**"}))
                .map(RequestPredicates::path)
                .reduce(RequestPredicate::or)
                .orElseThrow();
    }
}
