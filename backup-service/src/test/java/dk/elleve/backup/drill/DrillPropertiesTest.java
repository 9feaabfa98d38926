package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.tlog.MalformedException;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.VerifierKey;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DrillPropertiesTest {

    private static DrillProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("elleve.backup.drill", DrillProperties.class);
    }

    private static VerifierKey key(String name) {
        return SignerKey.generate(name, SignatureType.ED25519, new SecureRandom())
                .verifier();
    }

    @Test
    void keys_of_the_log_are_a_list_and_by_default_there_are_none() {
        var first = key("elleve.test/one");
        var second = key("elleve.test/two");

        assertThat(bind(Map.of("elleve.backup.drill.log-keys", first + "," + second))
                        .verifierKeys())
                .containsExactly(first, second);
        assertThat(bind(Map.of("elleve.backup.drill.log-keys", "")).verifierKeys())
                .isEmpty();
        assertThat(bind(Map.of()).verifierKeys()).isEmpty();
    }

    @Test
    void a_damaged_key_stops_the_start() {
        var damaged = key("elleve.test/one").toString().replace("/one+", "/other+");

        assertThatThrownBy(() -> bind(Map.of("elleve.backup.drill.log-keys", damaged)))
                .hasRootCauseInstanceOf(MalformedException.class);
    }
}
