package dk.elleve.breach.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MailPauseTest {

    @Test
    void the_pauses_between_attempts_grow_and_stay_within_five_minutes() {
        assertThat(MailRelay.pause(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(MailRelay.pause(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(MailRelay.pause(9)).isEqualTo(Duration.ofMinutes(5));
        assertThat(MailRelay.pause(10_000)).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void what_is_not_said_has_its_default() {
        var properties = bind(Map.of("elleve.breach.dpo-address", "dpo@example.invalid"));
        assertThat(properties.mailPause()).isEqualTo(Duration.ofMinutes(1));
        assertThat(properties.senderAddress()).isEqualTo("breach@elleve.localhost");
        assertThat(properties.dashboard()).isNull();
    }

    @Test
    void a_pause_that_is_no_duration_is_refused() {
        assertThatThrownBy(() -> bind(Map.of("elleve.breach.mail-pause", "soon")))
                .hasMessageContaining("mail-pause");
    }

    private static NoticeProperties bind(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("elleve.breach", NoticeProperties.class);
    }
}
