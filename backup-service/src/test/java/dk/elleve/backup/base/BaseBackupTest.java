package dk.elleve.backup.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.HookedVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireException;
import dk.elleve.kit.test.Rig;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
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

    /// The storage said that it had the pack.
    @Test
    void what_the_storage_has_lost_makes_no_backup_and_the_next_run_heals() throws Exception {
        var lossy = new HookedVault(VAULT);
        var lost = new AtomicReference<String>();
        lossy.beforePut(name -> {
            if (lost.get() == null && name.contains("/pack-")) {
                lost.set(name);
            }
            // What is stored next finds it gone.
            if (lost.get() != null && !name.equals(lost.get())) {
                VAULT.delete(lost.get());
            }
        });
        var full = full(lossy, BackupRig.PATIENCE);
        var id = full.newId(Manifest.FULL);

        assertThatThrownBy(() -> full.run(id, BackupProgress.NONE))
                .isInstanceOf(IncompleteBackupException.class)
                .hasMessageContaining("vanished while the backup was being taken");

        var backups = new Backups(BackupRig.cluster(VAULT));
        assertThat(backups.ids()).doesNotContain(id);
        var next = full(VAULT, BackupRig.PATIENCE);
        var healed = next.run(next.newId(Manifest.FULL), BackupProgress.NONE);
        assertThat(backups.missing(healed)).isEmpty();
        assertThat(BackupRig.cluster(VAULT).list("base/" + id + "/")).isEmpty();
    }

    @Test
    void a_server_that_crashes_in_the_middle_is_backed_up_when_it_is_there_again() throws Exception {
        var storage = new MemoryVault();
        try (var cluster = new OwnCluster()) {
            cluster.sql("CREATE TABLE t AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n");
            ClusterVault vault;
            try (var wire = Wire.connect(cluster.server(), "test")) {
                vault = new ClusterVault(storage, BackupRig.KEY, wire.identify().systemId());
            }
            try (var shipper = new WalShipper(
                    cluster.server(), vault, BackupRig.settings("crash"), WalEvents.NONE, Clock.systemUTC())) {
                shipper.start();
                var full = new BaseBackup(
                        cluster.server(), vault, shipper, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
                var id = full.newId(Manifest.FULL);
                assertThatThrownBy(() -> full.run(id, (bytes, expected) -> {
                            if (bytes > expected / 2) {
                                cluster.kill();
                            }
                        }))
                        .isInstanceOf(WireException.class);
                assertThat(new Backups(vault).ids()).isEmpty();

                cluster.start();
                cluster.sql("INSERT INTO t VALUES (0, 'after the crash')");
                var manifest = full.run(id, BackupProgress.NONE);

                assertThat(manifest.id()).isEqualTo(id);
                assertThat(shipper.awaitShipped(
                                Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")), BackupRig.PATIENCE))
                        .isTrue();
            }
            var restorer = new Restorer(vault);
            var landing = restorer.restore(
                            restorer.plan(new RestoreTarget.Latest()),
                            new Landing(BackupRig.folder(), BackupRig.freePort()),
                            RestoreProgress.NONE)
                    .landing();
            try (var server = RestoredServer.start(Rig.postgresPrograms(), landing, Duration.ofMinutes(1));
                    var connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                            "postgres",
                            cluster.password("postgres"))) {
                assertThat(BackupRig.value(connection, "SELECT count(*) || ' ' || sum(n) FROM t"))
                        .isEqualTo("20001 200010000");
            }
        }
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
