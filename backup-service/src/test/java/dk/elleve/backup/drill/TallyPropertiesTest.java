package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.kit.fingerprint.FingerprintKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TallyPropertiesTest {

    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static TallyProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("elleve", TallyProperties.class);
    }

    @Test
    void the_key_is_read_and_does_not_show_itself() {
        var properties = bind(Map.of("elleve.fingerprint-key", KEY));

        assertThat(properties.key().orElseThrow().id())
                .isEqualTo(FingerprintKey.parse(KEY).id());
        assertThat(properties.toString()).doesNotContain(KEY);
    }

    @Test
    void without_a_key_there_is_none() {
        assertThat(bind(Map.of()).key()).isEmpty();
        assertThat(bind(Map.of("elleve.fingerprint-key", " ")).key()).isEmpty();
    }

    @Test
    void a_key_that_is_none_stops_the_start_and_is_not_repeated() {
        assertThatThrownBy(() -> bind(Map.of("elleve.fingerprint-key", "c2hvcnQ=")))
                .rootCause()
                .hasMessageContaining("elleve.fingerprint-key must hold 32 bytes")
                .hasMessageNotContaining("c2hvcnQ=");
    }
}
