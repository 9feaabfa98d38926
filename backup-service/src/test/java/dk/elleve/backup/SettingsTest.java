package dk.elleve.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.plan.PlanProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Names and defaults of the settings are a promise to whoever runs the service.
class SettingsTest {

    private static final Map<String, String> NEEDED = Map.of(
            "elleve.backup.wire.host", "db",
            "elleve.backup.wire.user", "backup_wire",
            "elleve.backup.wire.password", "secret-1");

    @Test
    void what_is_not_said_has_its_default() {
        var engine = bind("elleve.backup", EngineProperties.class, NEEDED);
        assertThat(engine.container()).isEqualTo("backups");
        assertThat(engine.wire().port()).isEqualTo(5432);
        assertThat(engine.wire().sslMode()).isEqualTo("disable");
        assertThat(engine.wal().slot()).isEqualTo("elleve_backup");
        assertThat(engine.wal().partAge()).isEqualTo(Duration.ofSeconds(5));
        assertThat(engine.wal().partSize().toMegabytes()).isEqualTo(1);

        var plan = bind("elleve.backup.plan", PlanProperties.class, Map.of("elleve.backup.plan.region", "x"));
        assertThat(plan.fullEvery()).isEqualTo(Duration.ofDays(7));
        assertThat(plan.walLimit()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void the_password_does_not_show_itself() {
        assertThat(bind("elleve.backup", EngineProperties.class, NEEDED).toString())
                .doesNotContain("secret-1");
    }

    @Test
    void former_master_keys_are_a_list_and_do_not_show_themselves() {
        var values = new HashMap<>(NEEDED);
        values.put(
                "elleve.backup.former-master-keys",
                "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=,MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

        var engine = bind("elleve.backup", EngineProperties.class, values);

        assertThat(engine.keyRing("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
                        .fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint(), BackupRig.OTHER_KEY.fingerprint());
        assertThat(engine.toString()).doesNotContain("ZmVk", "MDEy").contains("formerMasterKeys=2");
        assertThat(bind("elleve.backup", EngineProperties.class, NEEDED).formerMasterKeys())
                .isEmpty();
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }
}
