package dk.elleve.audit.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SecondAnchorPropertiesTest {

    @Test
    void nothing_is_anchored_elsewhere_unless_it_is_set() {
        assertThat(bound(Map.of())).isEqualTo(new SecondAnchorProperties(Duration.ofMinutes(10), null, null));
    }

    @Test
    void every_setting_has_its_name() {
        assertThat(bound(Map.of(
                        "every", "1h",
                        "webhook.url", "https://keeper.example/checkpoints",
                        "webhook.token", "/run/token",
                        "webhook.ca", "/etc/keeper.pem",
                        "timestamp.url", "http://tsa.example/",
                        "timestamp.ca", "/etc/tsa.pem")))
                .isEqualTo(new SecondAnchorProperties(
                        Duration.ofHours(1),
                        new SecondAnchorProperties.Webhook(
                                URI.create("https://keeper.example/checkpoints"),
                                Path.of("/run/token"),
                                Path.of("/etc/keeper.pem")),
                        new SecondAnchorProperties.Timestamp(
                                URI.create("http://tsa.example/"), Path.of("/etc/tsa.pem"))));
    }

    @Test
    void a_webhook_without_tls_and_an_interval_of_nothing_are_refused() {
        assertThatThrownBy(() -> bound(Map.of("webhook.url", "http://keeper.example/")))
                .rootCause()
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> bound(Map.of("every", "0s"))).rootCause().hasMessageContaining("longer than nothing");
    }

    private static SecondAnchorProperties bound(Map<String, String> settings) {
        var named = new HashMap<String, String>();
        settings.forEach((name, value) -> named.put("elleve.audit.second-anchor." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate("elleve.audit.second-anchor", Bindable.of(SecondAnchorProperties.class));
    }
}
