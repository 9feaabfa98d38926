package dk.elleve.backup.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseBackupTest {

    private static final int PACK = 16 << 20;
    private static final MemoryVault VAULT = new MemoryVault();
    private static WalShipper wal;

    @BeforeAll
    static void ship() {
        wal = BackupRig.shipper(VAULT, "full_test");
        wal.start();
    }

    @AfterAll
    static void stop() {
        wal.close();
        VAULT.clear();
        BackupRig.dropSlot("full_test");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_run_that_dies_at_any_write_leaves_no_backup_and_the_next_one_heals(boolean afterTheWrite) throws Exception {
        var complete = new Backups(BackupRig.cluster(VAULT)).ids().size();
        for (var write = 1; ; write++) {
            var faulty = new FaultyVault(VAULT);
            faulty.dieAt(write, afterTheWrite);
            var full = full(faulty, BackupRig.PATIENCE);
            var id = full.newId(Manifest.FULL);
            try {
                full.run(id, BackupProgress.NONE);
                assertThat(faulty.isDead()).isFalse();
                break;
            } catch (VaultException | IllegalStateException e) {
                var ids = new Backups(BackupRig.cluster(VAULT)).ids();
                // Only the very last write makes a backup of it; when its answer is lost, the backup is there
                // all the same.
                if (ids.size() > complete) {
                    assertThat(afterTheWrite).isTrue();
                    assertThat(ids.getLast()).isEqualTo(id);
                    complete = ids.size();
                }
                assertThat(write).as("writes of a run").isLessThan(80);
            }
        }

        var backups = new Backups(BackupRig.cluster(VAULT));
        assertThat(backups.ids()).hasSize(complete + 1);
        for (var manifest : backups.all()) {
            assertThat(backups.missing(manifest)).isEmpty();
        }
        // Nothing is left of those that died.
        assertThat(BackupRig.cluster(VAULT).list("base/").stream()
                        .map(name -> name.split("/")[1])
                        .distinct())
                .containsExactlyElementsOf(backups.ids());
        assertThat(BackupRig.cluster(VAULT).keyIds().stream().filter(BaseBackup::isId))
                .containsExactlyElementsOf(backups.ids());
        assertThat(Restorer.open(VAULT, BackupRig.KEY, null)
                        .plan(new RestoreTarget.Latest())
                        .manifest())
                .isEqualTo(backups.newest().orElseThrow());
    }

    @Test
    void without_its_wal_no_backup_is_complete() {
        var elsewhere = new MemoryVault();
        var idle = new WalShipper(
                BackupRig.server(),
                BackupRig.cluster(elsewhere),
                BackupRig.settings("never_started"),
                WalEvents.NONE,
                Clock.systemUTC());
        var full = new BaseBackup(
                BackupRig.server(),
                BackupRig.cluster(elsewhere),
                idle,
                Duration.ofMillis(500),
                PACK,
                Clock.systemUTC());

        assertThatThrownBy(() -> full.run(full.newId(Manifest.FULL), BackupProgress.NONE))
                .isInstanceOf(IncompleteBackupException.class)
                .hasMessageContaining("did not reach the vault");

        assertThat(new Backups(BackupRig.cluster(elsewhere)).ids()).isEmpty();
    }

    @Test
    void a_backup_of_another_cluster_is_not_taken() {
        var foreign = new ClusterVault(VAULT, BackupRig.KEY, "42");
        var full = new BaseBackup(BackupRig.server(), foreign, wal, BackupRig.PATIENCE, PACK, Clock.systemUTC());

        assertThatThrownBy(() -> full.run(full.newId(Manifest.FULL), BackupProgress.NONE))
                .isInstanceOf(IncompleteBackupException.class)
                .hasMessageContaining("42");
    }

    private static BaseBackup full(Vault vault, Duration patience) {
        return new BaseBackup(BackupRig.server(), BackupRig.cluster(vault), wal, patience, PACK, Clock.systemUTC());
    }
}
