package dk.elleve.kit.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

class MetricsDoorTest {

    private final MetricsDoor onePort = new MetricsDoor(settings(Map.of("server.port", "8080")));
    private final MetricsDoor twoPorts =
            new MetricsDoor(settings(Map.of("server.port", "8080", "management.server.port", "9000")));

    @Test
    void on_the_services_own_port_only_this_machine_reads_the_metrics() {
        assertThat(onePort.matches(request("127.0.0.1", 8080))).isTrue();
        assertThat(onePort.matches(request("0:0:0:0:0:0:0:1", 8080))).isTrue();
        assertThat(onePort.matches(request("10.0.0.7", 8080))).isFalse();
    }

    @Test
    void who_comes_through_a_proxy_on_this_machine_is_not_this_machine() {
        for (var header : new String[] {"X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"}) {
            var request = request("127.0.0.1", 8080);
            request.addHeader(header, "6.6.6.6");
            assertThat(onePort.matches(request)).as(header).isFalse();
        }
    }

    @Test
    void where_the_metrics_have_a_port_of_their_own_nobody_reads_them_on_the_other() {
        assertThat(twoPorts.matches(request("10.0.0.7", 9000))).isTrue();
        assertThat(twoPorts.matches(request("127.0.0.1", 8080))).isFalse();
    }

    @Test
    void nothing_else_is_opened() {
        var request = request("127.0.0.1", 8080);
        request.setRequestURI("/actuator/env");
        assertThat(onePort.matches(request)).isFalse();
    }

    private static Environment settings(Map<String, Object> values) {
        var environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", values));
        return environment;
    }

    private static MockHttpServletRequest request(String address, int port) {
        var request = new MockHttpServletRequest("GET", "/actuator/prometheus");
        request.setRemoteAddr(address);
        request.setLocalPort(port);
        return request;
    }
}
