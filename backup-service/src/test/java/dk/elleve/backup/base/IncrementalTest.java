package dk.elleve.backup.base;

import static dk.elleve.backup.BackupRig.rows;
import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.test.Rig;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

class IncrementalTest {

    private static final String ALL = "SELECT id || ' ' || name FROM part ORDER BY id";
    private final MemoryVault vault = new MemoryVault();
    private final WalShipper wal = BackupRig.shipper(vault, "incremental_test");

    @BeforeAll
    static void fill() throws Exception {
        BackupRig.database("warehouse");
        sql(
                "warehouse",
                "CREATE TABLE part (id INT PRIMARY KEY, name TEXT)",
                "INSERT INTO part SELECT n, md5(n::text) FROM generate_series(1, 60000) n",
                "VACUUM (FREEZE, ANALYZE) part");
    }

    @AfterAll
    static void forget() throws Exception {
        BackupRig.forget("warehouse", "undead_incremental");
    }

    @BeforeEach
    void ship() {
        wal.start();
    }

    @AfterEach
    void stop() {
        wal.close();
        vault.clear();
        BackupRig.dropSlot("incremental_test");
    }

    @Test
    void only_changed_blocks_are_stored_and_everything_comes_back() throws Exception {
        var full = BackupRig.backup(vault, wal);
        sql(
                "warehouse",
                "UPDATE part SET name = 'changed' WHERE id BETWEEN 100 AND 200",
                "DELETE FROM part WHERE id BETWEEN 40000 AND 40100",
                "CREATE TABLE fresh AS SELECT generate_series(1, 500) AS id",
                "CHECKPOINT");

        var incremental = BackupRig.backup(vault, wal, Manifest.INCREMENTAL);

        assertThat(incremental.base()).isEqualTo(full.id());
        assertThat(incremental.stored()).isPositive().isLessThan(incremental.blocks() / 10);
        assertThat(incremental.storedBytes()).isLessThan(full.storedBytes() / 10);
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    @Test
    void nothing_changed_is_nearly_nothing_stored() throws Exception {
        BackupRig.backup(vault, wal);

        var incremental = BackupRig.backup(vault, wal, Manifest.INCREMENTAL);

        assertThat(incremental.stored()).isLessThan(incremental.blocks() / 20);
    }

    @Test
    void the_second_incremental_backup_stands_on_the_full_one_too() throws Exception {
        var full = BackupRig.backup(vault, wal);
        sql("warehouse", "UPDATE part SET name = 'one' WHERE id = 1");
        BackupRig.backup(vault, wal, Manifest.INCREMENTAL);
        sql("warehouse", "UPDATE part SET name = 'two' WHERE id = 50000");

        var second = BackupRig.backup(vault, wal, Manifest.INCREMENTAL);

        assertThat(second.base()).isEqualTo(full.id());
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    /// The newest full backup may be one that something was found wrong with.
    @Test
    void it_stands_on_the_full_backup_it_is_told() throws Exception {
        var sound = BackupRig.backup(vault, wal);
        var damaged = BackupRig.backup(vault, wal);
        var backups = BackupRig.backups(vault, wal);

        var incremental = backups.run(backups.newId(Manifest.INCREMENTAL), sound.id(), BackupProgress.NONE);

        assertThat(incremental.base()).isEqualTo(sound.id());
        new Backups(BackupRig.cluster(vault)).remove(damaged.id());
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    @Test
    void without_a_full_backup_there_is_no_incremental_one() {
        var empty = new MemoryVault();
        var backups = BackupRig.backups(empty, wal);

        assertThatThrownBy(() -> backups.run(backups.newId(Manifest.INCREMENTAL), BackupProgress.NONE))
                .isInstanceOf(IncompleteBackupException.class)
                .hasMessageContaining("no full backup");
    }

    @Test
    void a_full_backup_that_lost_a_pack_is_not_built_upon() throws Exception {
        BackupRig.backup(vault, wal);
        var tampered = vault.copy();
        var full = new Backups(BackupRig.cluster(tampered)).newestFull().orElseThrow();
        var pack = Backups.packName(full.id(), full.packs().getFirst().number());
        BackupRig.cluster(tampered).delete(pack);
        var backups = BackupRig.backups(tampered, wal);

        assertThatThrownBy(() -> backups.run(backups.newId(Manifest.INCREMENTAL), BackupProgress.NONE))
                .isInstanceOf(IncompleteBackupException.class)
                .hasMessageContaining(pack);
    }

    /// What PostgreSQL's own incremental backup gets wrong: pages of a table that was cut and grew
    /// again come back from the older backup, with good checksums.
    @Test
    void deleted_rows_stay_deleted_after_the_table_was_cut_and_grew_again() throws Exception {
        BackupRig.database("undead_incremental");
        sql(
                "undead_incremental",
                "CREATE TABLE t (id INT, pad TEXT) WITH (autovacuum_enabled = off)",
                "ALTER TABLE t ALTER pad SET STORAGE PLAIN",
                "INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 40000) g",
                "VACUUM (FREEZE) t",
                "CHECKPOINT");
        BackupRig.backup(vault, wal);
        sql("undead_incremental", "DELETE FROM t WHERE id > 8000", "VACUUM (FREEZE, TRUNCATE on) t");
        try (var connection = Rig.postgres().superuser("undead_incremental").getConnection()) {
            var rows = new StringBuilder();
            for (var id = 100001; id <= 104800; id++) {
                rows.append(id).append('\t').append("y".repeat(900)).append('\n');
            }
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY t FROM STDIN", new StringReader(rows.toString()));
        }
        BackupRig.backup(vault, wal, Manifest.INCREMENTAL);
        BackupRig.shipAll(wal);

        var count = "SELECT count(*) || ' ' || sum(id) FROM t";
        var source = value("undead_incremental", count);
        assertThat(source).startsWith("12800 ");
        try (var copy = BackupRig.restore(vault, new RestoreTarget.Latest());
                var connection = copy.connect("undead_incremental")) {
            assertThat(value(connection, count)).isEqualTo(source);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {Manifest.FULL, Manifest.INCREMENTAL})
    void a_run_that_died_at_any_write_goes_on_and_comes_back_whole(String kind) throws Exception {
        BackupRig.backup(vault, wal);
        // Enough that is new for several packs.
        sql(
                "warehouse",
                "DROP TABLE IF EXISTS grown",
                "CREATE TABLE grown AS SELECT n, md5(n::text) || md5((-n)::text) AS pad FROM generate_series(1, 200000) n");
        var healthy = BackupRig.backups(vault, wal);
        var id = healthy.newId(kind);
        for (var write = 1; ; write += 3) {
            var faulty = new FaultyVault(vault);
            faulty.dieAt(write, write % 2 == 0);
            try {
                BackupRig.backups(faulty, wal).run(id, BackupProgress.NONE);
                break;
            } catch (VaultException | IllegalStateException e) {
                assertThat(write).as("writes of a run").isLessThan(120);
            }
        }

        var backups = new Backups(BackupRig.cluster(vault));
        var manifest = backups.manifest(id);
        assertThat(backups.missing(manifest)).isEmpty();
        // Nothing lies there that the backup does not need.
        assertThat(BackupRig.cluster(vault).list("base/" + id + "/"))
                .hasSize(manifest.objects().size() + 1);
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    @Test
    void what_an_attempt_has_listed_is_not_sent_again() throws Exception {
        sql(
                "warehouse",
                "DROP TABLE IF EXISTS bulk",
                "CREATE TABLE bulk AS SELECT n, md5(n::text) || md5((-n)::text) AS pad FROM generate_series(1, 400000) n");
        var healthy = BackupRig.backups(vault, wal);
        var id = healthy.newId(Manifest.FULL);
        // Until a part of its list is durable: when that is depends on the order in which the server sends its files.
        for (var write = 8; listed(id).isEmpty(); write += 2) {
            var faulty = new FaultyVault(vault);
            faulty.dieAt(write, true);
            assertThatThrownBy(() -> BackupRig.backups(faulty, wal).run(id, BackupProgress.NONE))
                    .isInstanceOfAny(VaultException.class, IllegalStateException.class);
        }
        var there = listed(id);

        var manifest = healthy.run(id, BackupProgress.NONE);

        assertThat(manifest.objects()).containsAnyElementsOf(there);
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    @Test
    void an_attempt_that_cannot_be_read_any_more_is_begun_again() throws Exception {
        var healthy = BackupRig.backups(vault, wal);
        var id = healthy.newId(Manifest.FULL);
        for (var write = 8; listed(id).isEmpty(); write += 2) {
            var faulty = new FaultyVault(vault);
            faulty.dieAt(write, true);
            assertThatThrownBy(() -> BackupRig.backups(faulty, wal).run(id, BackupProgress.NONE))
                    .isInstanceOfAny(VaultException.class, IllegalStateException.class);
        }
        var part = "clusters/" + BackupRig.systemId() + "/" + Backups.partName(id, 1);
        var bytes = vault.get(part).orElseThrow();
        bytes[bytes.length - 3] ^= 1;
        vault.overwrite(part, bytes);

        var manifest = healthy.run(id, BackupProgress.NONE);

        assertThat(new Backups(BackupRig.cluster(vault)).missing(manifest)).isEmpty();
        BackupRig.shipAll(wal);
        assertSame(new RestoreTarget.Latest());
    }

    /// The packs that a part of an attempt's list vouches for.
    private List<String> listed(String id) {
        return new Backups(BackupRig.cluster(vault))
                .attempt(id).packs().stream()
                        .map(pack -> Backups.packName(id, pack.number()))
                        .toList();
    }

    private void assertSame(RestoreTarget target) throws Exception {
        try (var copy = BackupRig.restore(vault, target);
                var there = copy.connect("warehouse");
                var here = Rig.postgres().superuser("warehouse").getConnection()) {
            assertThat(rows(there, ALL)).isEqualTo(rows(here, ALL));
            for (var table : List.of("fresh", "grown", "bulk")) {
                assertThat(digest(there, table)).isEqualTo(digest(here, table));
            }
        }
    }

    private static String digest(Connection connection, String table) throws SQLException {
        return value(connection, "SELECT to_regclass('" + table + "')") == null
                ? "none"
                : value(
                        connection,
                        "SELECT count(*) || md5(string_agg(r::text, '' ORDER BY r::text)) FROM " + table + " r");
    }
}
