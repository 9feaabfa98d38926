package dk.elleve.backup.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.kit.test.Rig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A drill runs beside the cluster it restores: the tablespaces of the copy must be its own, and go
/// with it.
class TablespaceDrillTest {

    private static final MemoryVault STORAGE = new MemoryVault();
    private static final Path FOLDER = Path.of("target/tablespace-drills");

    private static OwnCluster cluster;
    private static ClusterVault vault;
    private static WalShipper wal;

    @BeforeAll
    static void backUp() throws Exception {
        cluster = new OwnCluster();
        tablespace("far");
        cluster.sql(
                "GRANT pg_read_all_data TO backup_wire",
                "ALTER ROLE backup_wire BYPASSRLS",
                "CREATE TABLE far TABLESPACE far AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 5000) n",
                "CREATE DATABASE whole TABLESPACE far");
        try (var wire = Wire.connect(cluster.server(), "test")) {
            vault = new ClusterVault(STORAGE, BackupRig.KEY, wire.identify().systemId());
        }
        wal = new WalShipper(
                cluster.server(), vault, BackupRig.settings("tablespaces"), WalEvents.NONE, Clock.systemUTC());
        wal.start();
        backup(Manifest.FULL);
        cluster.sql("UPDATE far SET pad = 'changed' WHERE n < 50");
        backup(Manifest.INCREMENTAL);
        // One more that no backup has seen, only the log.
        tablespace("latest");
        cluster.sql("CREATE TABLE latest TABLESPACE latest AS SELECT n FROM generate_series(1, 3000) n");
        try (var whole = cluster.connect("whole");
                var statement = whole.createStatement()) {
            statement.execute("CREATE TABLE there AS SELECT n FROM generate_series(1, 700) n");
            statement.execute("CREATE TABLE back TABLESPACE pg_default AS SELECT n FROM generate_series(1, 30) n");
        }
    }

    @AfterAll
    static void stop() {
        wal.close();
        cluster.close();
        STORAGE.clear();
    }

    private static void tablespace(String name) throws Exception {
        var place = Files.createDirectory(
                cluster.dataFolder().resolveSibling(name).toAbsolutePath().normalize());
        Files.setOwner(place, Files.getOwner(cluster.dataFolder()));
        cluster.sql("CREATE TABLESPACE " + name + " LOCATION '" + place + "'");
    }

    private static void backup(String kind) throws InterruptedException {
        var backups = new BaseBackup(cluster.server(), vault, wal, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
        backups.run(backups.newId(kind), BackupProgress.NONE);
    }

    private static Drill drill() {
        return new Drill(
                cluster.server(),
                vault,
                wal,
                Rig.postgresPrograms(),
                FOLDER,
                Duration.ofMinutes(2),
                tenant -> true,
                null,
                null,
                Clock.systemUTC());
    }

    /// A commit behind the mark, so that the server writes its log down beyond it.
    private static Mark mark() throws Exception {
        var mark = drill().mark();
        cluster.sql("SELECT pg_logical_emit_message(true, 'test', 'x')");
        assertThat(wal.awaitShipped(Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")), BackupRig.PATIENCE))
                .isTrue();
        return mark;
    }

    @Test
    void every_table_of_every_tablespace_is_compared_and_the_copy_goes_without_touching_the_sources_own()
            throws Exception {
        var mark = mark();
        cluster.sql("CHECKPOINT");
        var latest = cluster.dataFolder().resolve(cluster.value("SELECT pg_relation_filepath('latest')"));
        var far = cluster.dataFolder().resolve(cluster.value("SELECT pg_relation_filepath('far')"));
        var latestBefore = Files.readAllBytes(latest);
        var farBefore = Files.readAllBytes(far);

        var result = drill().run("spaces-1", mark);

        assertThat(mark.content().tables())
                .containsKeys(
                        "postgres.public.far", "postgres.public.latest", "whole.public.there", "whole.public.back");
        assertThat(result.tables()).isEqualTo(mark.content().tables().size());
        assertThat(result.records()).isEqualTo(mark.content().rows()).isGreaterThanOrEqualTo(8730);
        assertThat(FOLDER).isEmptyDirectory();
        assertThat(latest).hasBinaryContent(latestBefore);
        assertThat(far).hasBinaryContent(farBefore);
        assertThat(cluster.value("SELECT count(*) FROM far JOIN latest USING (n)"))
                .isEqualTo("3000");
    }

    @Test
    void a_row_in_a_tablespace_that_came_back_otherwise_fails_the_drill_by_the_name_of_its_table() throws Exception {
        var mark = mark();
        var tables = new TreeMap<>(mark.content().tables());
        tables.put("postgres.public.far", "5000 1");
        var other = new Mark(mark.at(), mark.takenAt(), new Content(tables));

        assertThatThrownBy(() -> drill().run("spaces-2", other))
                .hasMessageContaining("1 of " + tables.size() + " tables")
                .hasMessageContaining("postgres.public.far");
        assertThat(FOLDER).isEmptyDirectory();
    }
}
