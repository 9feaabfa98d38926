package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.test.Rig;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Restores into folders where something lies already.
class DeltaTest {

    private static final MemoryVault VAULT = new MemoryVault();
    private static WalShipper wal;
    private static String source;

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database("delta");
        sql("delta", "CREATE TABLE t AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 60000) n");
        wal = BackupRig.shipper(VAULT, "delta_test");
        wal.start();
        BackupRig.backup(VAULT, wal);
        sql("delta", "UPDATE t SET pad = 'x' WHERE n < 50", "CREATE TABLE u AS SELECT generate_series(1, 10)");
        BackupRig.backup(VAULT, wal, Manifest.INCREMENTAL);
        sql("delta", "DELETE FROM t WHERE n > 59000");
        BackupRig.shipAll(wal);
        source = digest("delta", Rig.postgres().address().port());
    }

    @AfterAll
    static void stop() throws Exception {
        wal.close();
        VAULT.clear();
        BackupRig.forget("delta");
        BackupRig.dropSlot("delta_test");
    }

    @Test
    void an_older_copy_is_brought_up_with_little_fetched() throws Exception {
        var folder = BackupRig.folder();
        start(restore(VAULT, folder, false));
        // It ran meanwhile and went its own way; a page rots, and a file appears that belongs to nobody.
        flip(folder);
        Files.writeString(folder.resolve("base/stray"), "?");
        Files.deleteIfExists(folder.resolve("postmaster.pid"));
        var fetched = new AtomicLong();

        var brought = restore(VAULT, folder, true, (phase, done, total) -> {
            if (phase.startsWith("fetching 2")) {
                fetched.set(total);
            }
        });

        assertThat(folder.resolve("base/stray")).doesNotExist();
        var manifest = Restorer.open(VAULT, BackupRig.KEY, null)
                .plan(new RestoreTarget.Latest())
                .manifest();
        assertThat(fetched.get()).isPositive().isLessThan(manifest.bytes() / 4);
        assertThat(start(brought)).isEqualTo(source);
    }

    @Test
    void a_restore_that_was_broken_off_goes_on() throws Exception {
        var folder = BackupRig.folder();
        var torn = VAULT.copy();
        var manifest = Restorer.open(VAULT, BackupRig.KEY, null)
                .plan(new RestoreTarget.Latest())
                .base()
                .orElseThrow();
        // One of the last packs cannot be read: most of the files are there by then.
        var pack = "clusters/" + manifest.systemId() + "/"
                + Backups.packName(manifest.id(), manifest.packs().getLast().number());
        torn.overwrite(pack, new byte[40]);
        assertThatThrownBy(() -> restore(torn, folder, false)).isInstanceOf(VaultException.class);
        assertThat(folder.resolve(Ground.UNFINISHED)).exists();
        assertThat(folder.resolve(Ground.CONTROL_FILE)).doesNotExist();

        var brought = restore(VAULT, folder, false);

        assertThat(start(brought)).isEqualTo(source);
    }

    @Test
    void a_restore_that_breaks_off_has_stopped_everything_when_it_says_so() throws Exception {
        var vault = new SlowWal(VAULT);
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        var plan = restorer.plan(new RestoreTarget.Latest());
        vault.breakOff();

        assertThatThrownBy(() -> restorer.restore(
                        plan, new Landing(BackupRig.folder(), BackupRig.freePort()), RestoreProgress.NONE))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.UNREACHABLE));
        assertThat(vault.walsUnderWay()).isZero();
    }

    /// Packs are away as soon as WAL is being fetched, which never comes.
    private static final class SlowWal implements Vault {

        private final Vault vault;
        private final CountDownLatch comes = new CountDownLatch(1);
        private final AtomicInteger underWay = new AtomicInteger();
        private volatile boolean breaks;

        SlowWal(Vault vault) {
            this.vault = vault;
        }

        void breakOff() {
            breaks = true;
        }

        int walsUnderWay() {
            return underWay.get();
        }

        @Override
        public Optional<byte[]> get(String name) {
            if (breaks && name.contains("/wal/")) {
                underWay.incrementAndGet();
                comes.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new VaultException(VaultProblem.UNREACHABLE, name + " is not wanted any more", e);
                } finally {
                    underWay.decrementAndGet();
                }
            }
            if (breaks && name.contains("/base/")) {
                try {
                    comes.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new VaultException(VaultProblem.UNREACHABLE, name + " is away");
            }
            return vault.get(name);
        }

        @Override
        public boolean putIfAbsent(String name, byte[] bytes) {
            throw new UnsupportedOperationException(name);
        }

        @Override
        public List<String> list(String prefix) {
            return vault.list(prefix);
        }

        @Override
        public void delete(String name) {
            throw new UnsupportedOperationException(name);
        }
    }

    @Test
    void what_is_no_copy_of_the_cluster_is_not_touched() throws Exception {
        var folder = Files.createDirectories(BackupRig.folder());
        Files.writeString(folder.resolve("holiday.jpg"), "beach");

        assertThatThrownBy(() -> restore(VAULT, folder, true))
                .isInstanceOfSatisfying(
                        RestoreException.class,
                        e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOLDER_NOT_EMPTY));
        assertThat(folder.resolve("holiday.jpg")).hasContent("beach");
    }

    @Test
    void a_copy_is_not_overwritten_without_being_asked() throws Exception {
        var folder = BackupRig.folder();
        restore(VAULT, folder, false);

        assertThatThrownBy(() -> restore(VAULT, folder, false))
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("--delta");
    }

    @Test
    void a_folder_in_which_a_server_runs_is_not_touched() throws Exception {
        var folder = BackupRig.folder();
        var landing = restore(VAULT, folder, false);
        try (var server = RestoredServer.start(Rig.postgresPrograms(), landing, Duration.ofMinutes(2))) {
            var before = digest("delta", server.landing().port());
            for (var delta : List.of(true, false)) {
                assertThatThrownBy(() -> restore(VAULT, folder, delta))
                        .isInstanceOfSatisfying(
                                RestoreException.class,
                                e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOLDER_NOT_EMPTY))
                        .hasMessageContaining("a PostgreSQL server runs, or ran, in " + folder);
            }
            assertThat(digest("delta", server.landing().port())).isEqualTo(before);
        }
    }

    @Test
    void another_cluster_is_not_overwritten() throws Exception {
        var folder = BackupRig.folder();
        restore(VAULT, folder, false);
        try (var control =
                new RandomAccessFile(folder.resolve(Ground.CONTROL_FILE).toFile(), "rw")) {
            control.write(1);
        }

        assertThatThrownBy(() -> restore(VAULT, folder, true))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOREIGN_CLUSTER));
    }

    @Test
    void a_link_that_leads_out_of_the_folder_is_not_followed() throws Exception {
        var folder = BackupRig.folder();
        restore(VAULT, folder, false);
        Files.createSymbolicLink(folder.resolve("pg_tblspc/1"), Path.of("/tmp"));

        assertThatThrownBy(() -> restore(VAULT, folder, true))
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("pg_tblspc/1");
    }

    private static Landing restore(Vault vault, Path folder, boolean delta) throws Exception {
        return restore(vault, folder, delta, RestoreProgress.NONE);
    }

    private static Landing restore(Vault vault, Path folder, boolean delta, RestoreProgress progress) throws Exception {
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        return restorer.restore(
                        restorer.plan(new RestoreTarget.Latest()),
                        new Landing(folder, BackupRig.freePort(), delta),
                        progress)
                .landing();
    }

    /// Starts what a restore has brought, reads it, and stops it.
    private static String start(Landing landing) throws Exception {
        try (var server = RestoredServer.start(Rig.postgresPrograms(), landing, Duration.ofMinutes(2))) {
            return digest("delta", server.landing().port());
        }
    }

    private static String digest(String database, int port) throws Exception {
        try (var connection = DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database,
                "postgres",
                Rig.secrets().password("postgres"))) {
            return value(connection, "SELECT count(*) || md5(string_agg(t::text, '' ORDER BY n)) FROM t") + " "
                    + value(connection, "SELECT count(*) FROM u");
        }
    }

    private static void flip(Path folder) throws Exception {
        try (var files = Files.walk(folder.resolve("base"))) {
            var largest = files.filter(Files::isRegularFile)
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
            try (var file = new RandomAccessFile(largest.toFile(), "rw")) {
                file.seek(20_000);
                file.write(77);
            }
        }
    }
}
