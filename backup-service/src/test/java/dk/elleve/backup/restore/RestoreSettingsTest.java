package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreSettingsTest {

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

        assertThat(settings.masterKeys().fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint(), BackupRig.OTHER_KEY.fingerprint());
    }

    @Test
    void there_need_not_be_any() throws IOException {
        assertThat(read("elleve.master-key-file=key").masterKeys().fingerprints())
                .containsExactly(BackupRig.KEY.fingerprint());
    }

    @Test
    void a_file_that_is_not_there_is_named_by_its_setting() throws IOException {
        var settings = read("elleve.master-key-file=key", "elleve.former-master-key-files=old/two");

        assertThatThrownBy(settings::masterKeys).hasMessageContaining("elleve.former-master-key-files");
    }

    private RestoreSettings read(String... lines) throws IOException {
        return RestoreSettings.read(Files.writeString(home.resolve("restore.properties"), String.join("\n", lines)));
    }
}
