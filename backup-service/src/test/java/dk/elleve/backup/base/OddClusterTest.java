package dk.elleve.backup.base;

import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.kit.test.Rig;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clusters as they are found in the field.
class OddClusterTest {

    private final MemoryVault vault = new MemoryVault();
    private OwnCluster cluster;
    private WalShipper wal;

    @BeforeEach
    void start() throws Exception {
        cluster = new OwnCluster();
        wal = new WalShipper(
                cluster.server(), clusterVault(), BackupRig.settings("odd"), WalEvents.NONE, Clock.systemUTC());
        wal.start();
    }

    @AfterEach
    void stop() {
        wal.close();
        cluster.close();
    }

    @Test
    void an_empty_cluster_comes_back() throws Exception {
        backup(Manifest.FULL);
        backup(Manifest.INCREMENTAL);

        assertThat(restored("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"))
                .isEqualTo("0");
    }

    @Test
    void a_page_that_has_rotted_is_told_and_does_not_keep_the_rest_from_being_backed_up() throws Exception {
        cluster.sql(
                "CREATE TABLE rotten AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n",
                "CREATE TABLE sound AS SELECT generate_series(1, 1000) AS n",
                "CHECKPOINT");
        var file = cluster.dataFolder().resolve(cluster.value("SELECT pg_relation_filepath('rotten')"));
        rot(file, 3);

        var manifest = backup(Manifest.FULL);

        assertThat(manifest.damages())
                .singleElement()
                .satisfies(words -> assertThat(words)
                        .contains("checksum", file.getFileName().toString(), "block 3"));
        assertThat(restored("SELECT count(*) FROM sound")).isEqualTo("1000");
    }

    @Test
    void an_incremental_backup_tells_of_pages_that_have_rotted_before_and_after_its_full_one() throws Exception {
        cluster.sql(
                "CREATE TABLE rotten AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n", "CHECKPOINT");
        var file = cluster.dataFolder().resolve(cluster.value("SELECT pg_relation_filepath('rotten')"));
        backup(Manifest.FULL);
        rot(file, 5);

        assertThat(backup(Manifest.INCREMENTAL).damages())
                .singleElement()
                .satisfies(words -> assertThat(words).contains("block 5"));

        backup(Manifest.FULL);
        rot(file, 7);

        var damages = backup(Manifest.INCREMENTAL).damages();
        assertThat(damages).hasSize(2);
        assertThat(damages.getFirst()).contains("block 5");
        assertThat(damages.getLast()).contains("block 7");
    }

    @Test
    void a_page_that_was_read_while_it_was_written_is_no_damage_since_the_log_makes_it_whole() throws Exception {
        cluster.sql(
                "CREATE TABLE t AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n",
                "CREATE INDEX i ON t (n)",
                "VACUUM t",
                "CHECKPOINT");
        var path = cluster.value("SELECT pg_relation_filepath('t')");
        var start = Lsn.parse(cluster.value("SELECT pg_current_wal_insert_lsn()"));
        cluster.sql("UPDATE t SET pad = 'torn' WHERE ctid = '(3, 1)'");
        var end = Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()"));
        assertThat(wal.awaitShipped(end, BackupRig.PATIENCE)).isTrue();
        var wrong = new WrongPages();
        wrong.add(path, 3, 3, 1, 2);
        wrong.add(path, 4, 4, 1, 2);
        wrong.add(path + "_fsm", 3, 3, 1, 2);
        wrong.add("global/1262", 3, 3, 1, 2);
        wrong.add("pg_tblspc/16400/PG_18_202506291/5/16385", 3, 3, 1, 2);

        var shelf = new WalShelf(clusterVault(), new Segments(16 << 20));
        var damages = wrong.damages(shelf, shelf.inventory(), new Wire.Point(start, 1), end);

        assertThat(damages).hasSize(4);
        assertThat(damages.getFirst()).contains(path + ", block 4");
        assertThat(wrong.damages(shelf, shelf.inventory(), new Wire.Point(end, 1), end.plus(1)))
                .hasSize(5);
    }

    @Test
    void every_page_of_a_cluster_has_the_checksum_that_is_computed_for_its_place() throws Exception {
        cluster.sql(
                "CREATE TABLE t AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n",
                "VACUUM t",
                "CHECKPOINT");
        var file = cluster.dataFolder().resolve(cluster.value("SELECT pg_relation_filepath('t')"));
        cluster.stop();
        var bytes = Files.readAllBytes(file);
        var checksum = new PageChecksum();

        for (var number = 0; number < bytes.length / 8192; number++) {
            var stored = PageChecksum.stored(bytes, number * 8192);
            assertThat(checksum.of(bytes, number * 8192, number)).isEqualTo(stored);
            assertThat(checksum.of(bytes, number * 8192, number + 1)).isNotEqualTo(stored);
        }
        assertThat(bytes.length / 8192).isGreaterThan(100);
    }

    @Test
    void a_tablespace_comes_back_below_the_data_folder() throws Exception {
        var elsewhere = cluster.dataFolder().resolveSibling("elsewhere");
        Files.createDirectory(elsewhere);
        Files.setOwner(elsewhere, Files.getOwner(cluster.dataFolder()));
        cluster.sql("CREATE TABLESPACE elsewhere LOCATION '" + elsewhere.toAbsolutePath() + "'");
        cluster.sql(
                "CREATE TABLE far TABLESPACE elsewhere AS SELECT generate_series(1, 5000) AS n",
                "CREATE TABLE near AS SELECT generate_series(1, 10) AS n");
        backup(Manifest.FULL);
        cluster.sql("INSERT INTO far VALUES (5001)");
        var manifest = backup(Manifest.INCREMENTAL);
        cluster.sql("INSERT INTO far VALUES (5002)");

        assertThat(manifest.tablespaces())
                .singleElement()
                .satisfies(space -> assertThat(Path.of(space.location())).isEqualTo(elsewhere.toAbsolutePath()));
        assertThat(restored("SELECT count(*) FROM far")).isEqualTo("5002");
    }

    @Test
    void files_of_odd_names_and_sizes_come_back() throws Exception {
        var data = cluster.dataFolder();
        Files.writeString(data.resolve("æøå and 'blanks' \"quoted\".txt"), "odd");
        Files.write(data.resolve("empty"), new byte[0]);
        Files.write(data.resolve("one-byte"), new byte[] {7});
        Files.write(data.resolve("a-block"), new byte[8192]);
        var longName = "long-" + "x".repeat(120);
        Files.write(data.resolve(longName.substring(0, 95)), new byte[8193]);
        var junk = new byte[8192];
        Arrays.fill(junk, 8, junk.length, (byte) 7);
        Files.write(data.resolve("base/1/9999999999"), junk);
        Files.write(data.resolve("base/1/12345678901234567890"), junk);
        Files.write(data.resolve("base/1/1.12345678901234567890"), junk);
        for (var name : new String[] {
            "æøå and 'blanks' \"quoted\".txt",
            "empty",
            "one-byte",
            "a-block",
            longName.substring(0, 95),
            "base/1/9999999999",
            "base/1/12345678901234567890",
            "base/1/1.12345678901234567890"
        }) {
            Files.setOwner(data.resolve(name), Files.getOwner(data));
        }
        backup(Manifest.FULL);

        var folder = restore().folder();

        assertThat(folder.resolve("æøå and 'blanks' \"quoted\".txt")).hasContent("odd");
        assertThat(folder.resolve("empty")).isEmptyFile();
        assertThat(folder.resolve("one-byte")).hasBinaryContent(new byte[] {7});
        assertThat(folder.resolve("a-block")).hasSize(8192);
        assertThat(folder.resolve(longName.substring(0, 95))).hasSize(8193);
        assertThat(folder.resolve("base/1/12345678901234567890")).hasBinaryContent(junk);
    }

    /// While the server is away, as it holds pages in memory.
    private void rot(Path file, int block) throws Exception {
        cluster.stop();
        try (var page = new RandomAccessFile(file.toFile(), "rw")) {
            page.seek(block * 8192 + 4000);
            page.write(new byte[] {1, 2, 3, 4});
        }
        cluster.start();
    }

    private ClusterVault clusterVault() {
        try (var wire = Wire.connect(cluster.server(), "test")) {
            return new ClusterVault(vault, BackupRig.KEY, wire.identify().systemId());
        }
    }

    private Manifest backup(String kind) throws InterruptedException {
        var backups =
                new BaseBackup(cluster.server(), clusterVault(), wal, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
        return backups.run(backups.newId(kind), BackupProgress.NONE);
    }

    private Landing restore() throws Exception {
        var end = Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()"));
        assertThat(wal.awaitShipped(end, BackupRig.PATIENCE)).isTrue();
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        return restorer.restore(
                        restorer.plan(new RestoreTarget.Latest()),
                        new Landing(BackupRig.folder(), BackupRig.freePort()),
                        RestoreProgress.NONE)
                .landing();
    }

    private String restored(String sql) throws Exception {
        try (var server = RestoredServer.start(Rig.postgresPrograms(), restore(), Duration.ofMinutes(2));
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                        "postgres",
                        cluster.password("postgres"))) {
            return value(connection, sql);
        }
    }
}
