package dk.elleve.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.keyvault.KeyVaults;
import dk.elleve.backup.plan.PlanProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/// Names and defaults of the settings are a promise to whoever runs the service.
class SettingsTest {

    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /// Whoever signs in with this gets nowhere.
    private static final KeyVaults NOBODY = KeyVaults.of(
            Map.of("AZURE_TENANT_ID", "none", "AZURE_CLIENT_ID", "nobody", "AZURE_CLIENT_SECRET", "nothing"),
            Clock.systemUTC());

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

        assertThat(engine.keyRing(KEY, NOBODY).fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint(), BackupRig.OTHER_KEY.fingerprint());
        assertThat(engine.toString()).doesNotContain("ZmVk", "MDEy").contains("formerMasterKeys=2");
        assertThat(bind("elleve.backup", EngineProperties.class, NEEDED).formerMasterKeys())
                .isEmpty();
    }

    @Test
    void a_key_vault_s_key_takes_the_place_of_the_one_given_and_is_asked_for_later() {
        var values = new HashMap<>(NEEDED);
        values.put("elleve.backup.master-key-id", "https://elleve.vault.azure.net/keys/master");
        values.put("elleve.backup.former-master-keys", KEY);

        var engine = bind("elleve.backup", EngineProperties.class, values);

        assertThat(engine.namesKeyVault()).isTrue();
        assertThat(engine.keyRing(KEY, NOBODY)).hasToString("master keys not asked for yet (***)");
        assertThat(engine.toString()).contains("https://elleve.vault.azure.net/keys/master");
        assertThat(bind("elleve.backup", EngineProperties.class, NEEDED).namesKeyVault())
                .isFalse();
    }

    @Test
    void a_former_key_may_be_a_key_vault_s() {
        var values = new HashMap<>(NEEDED);
        values.put("elleve.backup.former-master-keys", "https://elleve.vault.azure.net/keys/master/0a1b");

        assertThat(bind("elleve.backup", EngineProperties.class, values).namesKeyVault())
                .isTrue();
    }

    @Test
    void a_key_vault_is_spoken_to_by_tls_only() {
        var values = new HashMap<>(NEEDED);
        values.put("elleve.backup.master-key-id", "http://elleve.vault.azure.net/keys/master");
        var engine = bind("elleve.backup", EngineProperties.class, values);

        assertThatThrownBy(() -> engine.keyRing(KEY, NOBODY)).hasMessageContaining("does not begin with https://");
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate(prefix, type);
    }
}
