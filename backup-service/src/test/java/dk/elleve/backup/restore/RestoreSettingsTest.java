package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.keyvault.KeyVaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreSettingsTest {

    private static final String ID = "https://elleve.vault.azure.net/keys/master";

    /// Whoever signs in with this gets nowhere.
    private static final KeyVaults NOBODY = KeyVaults.of(
            Map.of("AZURE_TENANT_ID", "none", "AZURE_CLIENT_ID", "nobody", "AZURE_CLIENT_SECRET", "nothing"),
            Clock.systemUTC());

    @TempDir
    Path home;

    @BeforeEach
    void keys() throws IOException {
        Files.createDirectories(home.resolve("old"));
        Files.writeString(home.resolve("key"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
        Files.writeString(home.resolve("old/one"), "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=\n");
    }

    @Test
    void former_master_keys_lie_in_files_of_their_own() throws IOException {
        var settings = read("elleve.master-key-file=key", "elleve.former-master-key-files=old/one, key");

        assertThat(settings.masterKeys(NOBODY).fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint(), BackupRig.OTHER_KEY.fingerprint());
    }

    @Test
    void there_need_not_be_any() throws IOException {
        assertThat(read("elleve.master-key-file=key").masterKeys(NOBODY).fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint());
    }

    @Test
    void a_file_that_is_not_there_is_named_by_its_setting() throws IOException {
        var settings = read("elleve.master-key-file=key", "elleve.former-master-key-files=old/two");

        assertThatThrownBy(() -> settings.masterKeys(NOBODY)).hasMessageContaining("elleve.former-master-key-files");
    }

    @Test
    void a_key_in_a_key_vault_is_named_instead_of_a_file() throws IOException {
        var settings = read("elleve.backup.master-key-id=" + ID, "elleve.former-master-key-files=key," + ID + "/0a1b");

        assertThat(settings.masterKeys(NOBODY)).hasToString("master keys not asked for yet (***)");
    }

    @Test
    void a_key_vault_is_spoken_to_by_tls_only() throws IOException {
        var settings = read("elleve.backup.master-key-id=" + ID.replace("https", "http"));

        assertThatThrownBy(() -> settings.masterKeys(NOBODY)).hasMessageContaining("does not begin with https://");
    }

    @Test
    void there_is_one_current_key_and_not_two() throws IOException {
        var settings = read("elleve.backup.master-key-id=" + ID, "elleve.master-key-file=key");

        assertThatThrownBy(() -> settings.masterKeys(NOBODY))
                .hasMessageContaining("elleve.master-key-file")
                .hasMessageContaining("elleve.backup.master-key-id");
    }

    private RestoreSettings read(String... lines) throws IOException {
        return RestoreSettings.read(Files.writeString(home.resolve("restore.properties"), String.join("\n", lines)));
    }
}
