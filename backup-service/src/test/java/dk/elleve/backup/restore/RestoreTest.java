package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.rows;
import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.vault.BlobVault;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.Rig;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class RestoreTest {

    private static final String ALL = "SELECT id || ' ' || name || ' ' || amount FROM customer ORDER BY id";
    private static final MemoryVault VAULT = new MemoryVault();
    private static WalShipper wal;

    @BeforeAll
    static void ship() throws Exception {
        BackupRig.database("shop");
        sql(
                "shop",
                "CREATE TABLE customer (id INT PRIMARY KEY, name TEXT, amount NUMERIC)",
                "INSERT INTO customer SELECT n, md5(n::text), n / 7.0 FROM generate_series(1, 20000) n");
        wal = BackupRig.shipper(VAULT, "restore_test");
        wal.start();
        BackupRig.backup(VAULT, wal);
    }

    @AfterAll
    static void stop() throws Exception {
        wal.close();
        VAULT.clear();
        BackupRig.forget("shop", "undead");
        BackupRig.dropSlot("restore_test");
    }

    @Test
    void a_moment_before_a_disaster_comes_back_row_by_row() throws Exception {
        sql("shop", "INSERT INTO customer VALUES (900001, 'just in time', 1)");
        var before = rows(Rig.postgres().superuser("shop").getConnection(), ALL);
        var moment = Instant.parse(value(
                "shop", "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
        sql("shop", "DELETE FROM customer WHERE id % 3 = 0", "UPDATE customer SET name = 'gone'");
        BackupRig.shipAll(wal);

        try (var copy = BackupRig.restore(VAULT, new RestoreTarget.AtTime(moment));
                var connection = copy.connect("shop")) {
            assertThat(rows(connection, ALL)).isEqualTo(before);
            assertThat(value(connection, "SELECT pg_is_in_recovery()")).isEqualTo("f");
        }
    }

    @Test
    void a_log_position_comes_back_exactly() throws Exception {
        sql("shop", "INSERT INTO customer VALUES (900002, 'before', 1)");
        var position = BackupRig.inserted();
        var before = rows(Rig.postgres().superuser("shop").getConnection(), ALL);
        sql("shop", "INSERT INTO customer VALUES (900003, 'after', 1)");
        BackupRig.shipAll(wal);

        try (var copy = BackupRig.restore(VAULT, new RestoreTarget.AtLsn(position));
                var connection = copy.connect("shop")) {
            assertThat(rows(connection, ALL)).isEqualTo(before);
        }
    }

    @Test
    void the_newest_point_comes_back_from_azure() throws Exception {
        var vault = new BlobVault(new AzureBlobStore(Rig.azurite().connectionString()), "backups");
        try (var shipper = BackupRig.shipper(vault, "azure_test")) {
            shipper.start();
            BackupRig.backup(vault, shipper);
            sql("shop", "INSERT INTO customer VALUES (900004, 'newest', 1)");
            var before = rows(Rig.postgres().superuser("shop").getConnection(), ALL);
            BackupRig.shipAll(shipper);

            try (var copy = BackupRig.restore(vault, new RestoreTarget.Latest());
                    var connection = copy.connect("shop")) {
                assertThat(rows(connection, ALL)).isEqualTo(before);
            }
        } finally {
            BackupRig.dropSlot("azure_test");
        }
    }

    @Test
    void a_disk_that_fills_up_in_the_middle_leaves_nothing_to_start_and_the_same_call_goes_on() throws Exception {
        var disk = BackupRig.folder().getParent();
        var restorer = Restorer.open(VAULT, BackupRig.KEY, null);
        var plan = restorer.plan(new RestoreTarget.Latest());
        var segments = plan.endSegment() - plan.firstSegment() + Restorer.SEGMENTS_OF_ITS_OWN;
        var room = (plan.manifest().bytes() >> 20) + 16 * segments + 8;
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + room + "m,mode=755", "tmpfs", disk.toString()) == 0,
                "a small disk can be made by root only");
        try {
            var filler = disk.resolve("somebody-else");
            var to = new Landing(disk.resolve("data"), BackupRig.freePort());
            assertThatThrownBy(() -> restorer.restore(plan, to, (what, done, total) -> fill(filler)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("No space left");
            assertThat(to.folder().resolve("global/pg_control")).doesNotExist();

            Files.delete(filler);
            var restored = restorer.restore(plan, to, RestoreProgress.NONE);
            try (var copy = new BackupRig.Copy(
                            RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(2)));
                    var connection = copy.connect("shop")) {
                assertThat(rows(connection, ALL))
                        .isEqualTo(rows(Rig.postgres().superuser("shop").getConnection(), ALL));
            }
        } finally {
            run("umount", "--lazy", disk.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    /// Takes all the room there is.
    private static void fill(Path file) {
        if (Files.exists(file)) {
            return;
        }
        try (var out = Files.newOutputStream(file)) {
            var bytes = new byte[1 << 20];
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            // That is what was wanted.
        }
    }

    /// What PostgreSQL's own incremental backup gets wrong: pages of a table that was cut and grew again come
    /// back from an older backup, with good checksums.
    @Test
    void deleted_rows_stay_deleted_after_the_table_was_cut_and_grew_again() throws Exception {
        BackupRig.database("undead");
        sql(
                "undead",
                "CREATE TABLE t (id INT, pad TEXT) WITH (autovacuum_enabled = off)",
                "ALTER TABLE t ALTER pad SET STORAGE PLAIN",
                "INSERT INTO t SELECT g, repeat('x', 900) FROM generate_series(1, 40000) g",
                "VACUUM (FREEZE) t",
                "CHECKPOINT");
        BackupRig.backup(VAULT, wal);
        var beforeCut = BackupRig.inserted();
        sql("undead", "DELETE FROM t WHERE id > 8000", "VACUUM (FREEZE, TRUNCATE on) t");
        try (var connection = Rig.postgres().superuser("undead").getConnection()) {
            var rows = new StringBuilder();
            for (var id = 100001; id <= 104800; id++) {
                rows.append(id).append('\t').append("y".repeat(900)).append('\n');
            }
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY t FROM STDIN", new StringReader(rows.toString()));
        }
        BackupRig.shipAll(wal);
        var count =
                "SELECT count(*) || ' ' || sum(id) || ' ' || count(*) FILTER (WHERE id BETWEEN 8001 AND 40000) FROM t";
        var source = value("undead", count);
        assertThat(source).startsWith("12800 ").endsWith(" 0");

        // Through the WAL from the backup before the cut …
        try (var copy = BackupRig.restore(VAULT, new RestoreTarget.Latest());
                var connection = copy.connect("undead")) {
            assertThat(value(connection, count)).isEqualTo(source);
        }
        // … and from a backup after it.
        BackupRig.backup(VAULT, wal);
        BackupRig.shipAll(wal);
        try (var copy = BackupRig.restore(VAULT, new RestoreTarget.Latest());
                var connection = copy.connect("undead")) {
            assertThat(value(connection, count)).isEqualTo(source);
        }
        try (var copy = BackupRig.restore(VAULT, new RestoreTarget.AtLsn(beforeCut));
                var connection = copy.connect("undead")) {
            assertThat(value(connection, "SELECT count(*) FROM t")).isEqualTo("40000");
        }
    }
}
