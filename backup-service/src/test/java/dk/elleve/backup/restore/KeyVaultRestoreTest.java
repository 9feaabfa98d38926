package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.keyvault.KeyVaultServer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.test.Rig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster is backed up under a key that lies in a key vault, and the restore program brings it back.
class KeyVaultRestoreTest {

    private final KeyVaultServer server = new KeyVaultServer();
    private final String version = server.createVersion();

    @TempDir
    Path home;

    @BeforeEach
    void backUp() throws Exception {
        BackupRig.database("kept");
        BackupRig.sql("kept", "CREATE TABLE customer AS SELECT n, md5(n::text) FROM generate_series(1, 5000) n");
        var masters = KeyRing.ofSources(server.keyVaults().key(KeyVaultServer.KEY), List.of());
        var cluster = new ClusterVault(new FolderVault(home.resolve("vault")), masters, BackupRig.systemId());
        cluster.unlock();
        try (var wal = new WalShipper(
                BackupRig.server(), cluster, BackupRig.settings("key_vault_test"), WalEvents.NONE, Clock.systemUTC())) {
            wal.start();
            var backup =
                    new BaseBackup(BackupRig.server(), cluster, wal, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
            backup.run(backup.newId(Manifest.FULL), BackupProgress.NONE);
            BackupRig.sql("kept", "INSERT INTO customer VALUES (0, 'newest')");
            BackupRig.shipAll(wal);
        }
        Files.writeString(
                home.resolve("restore.properties"), """
                elleve.backup.vault-folder=vault
                elleve.backup.master-key-id=%s
                elleve.backup.postgres.programs=%s
                """.formatted(KeyVaultServer.KEY, Rig.postgresPrograms()));
    }

    @AfterEach
    void forget() throws Exception {
        server.close();
        BackupRig.forget("kept");
        BackupRig.dropSlot("key_vault_test");
    }

    @Test
    void what_was_backed_up_under_a_key_vault_s_key_comes_back_by_its_id_alone() throws Exception {
        var to = BackupRig.folder();
        var port = BackupRig.freePort();

        var answer = restore("--latest", "--to", to.toString(), "--port", String.valueOf(port));

        assertThat(answer.code()).as(answer.text()).isZero();
        assertThat(answer.text()).contains("everything verified").doesNotContain("secret");
        var landing = new Landing(to, port);
        try (var running = RestoredServer.start(Rig.postgresPrograms(), landing, Duration.ofMinutes(2));
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + running.landing().port() + "/kept",
                        "postgres",
                        Rig.secrets().password("postgres"))) {
            assertThat(BackupRig.value(connection, "SELECT count(*) FROM customer"))
                    .isEqualTo("5001");
        }
        assertThat(server.calls().get("unwrapkey")).isLessThanOrEqualTo(3);
    }

    @Test
    void a_lost_key_is_named_and_no_folder_is_made() throws Exception {
        var to = BackupRig.folder();

        server.enable(version, false);
        var disabled = restore("--latest", "--to", to.toString());
        server.delete(true);
        var deleted = restore("--latest", "--to", to.toString());
        server.close();
        var away = restore("--latest", "--to", to.toString());

        assertThat(disabled.code()).isEqualTo(1);
        assertThat(disabled.text()).contains(KeyVaultServer.KEY, "disabled", "[vault.key-unusable]");
        assertThat(deleted.code()).isEqualTo(1);
        assertThat(deleted.text()).contains(KeyVaultServer.KEY, "purged", "[vault.key-unusable]");
        assertThat(away.code()).isEqualTo(1);
        assertThat(away.text()).contains(KeyVaultServer.KEY, "out of reach", "[vault.unreachable]");
        assertThat(to).doesNotExist();
    }

    private record Answer(int code, String text) {}

    private Answer restore(String... arguments) {
        var text = new ByteArrayOutputStream();
        var out = new PrintStream(text);
        var words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--settings", home.resolve("restore.properties").toString()));
        var code = new RestoreMain(out, out, false, server.keyVaults(), Clock.systemUTC()).run(words);
        return new Answer(code, text.toString(StandardCharsets.UTF_8));
    }
}
