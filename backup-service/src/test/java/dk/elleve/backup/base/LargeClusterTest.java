package dk.elleve.backup.base;

import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.kit.test.Rig;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/// A cluster with very many tables, and one table that is larger than what an `int` can count and than one file of
/// PostgreSQL's. Its 3 GiB go through a heap of one.
class LargeClusterTest {

    private static final int TABLES = 10_000;

    /// Rows of the large table: one on each page, so that little WAL makes a large heap.
    private static final int ROWS = 400_000;

    private static final int BLOCKS_OF_A_FILE = 131_072;

    private static final String LARGE = "SELECT count(*) || ' ' || sum(n) || ' ' || sum(hashtext(pad)) FROM large";

    /// Ten pages, beyond three times the blocks of a file and beyond twice.
    private static final String LAST = "ctid >= '(" + (ROWS - 10) + ",0)'";

    private static final String THIRD = "ctid BETWEEN '(300000,0)' AND '(300009,9)'";

    @TempDir
    private static Path home;

    private static OwnCluster cluster;
    private static WalShipper wal;
    private static Path folder;
    private static RestoredServer copy;
    private static Manifest full;
    private static Manifest incremental;

    @BeforeAll
    static void backUpAndRestore() throws Exception {
        cluster = new OwnCluster();
        // What is tested is not whether this cluster outlives a crash.
        cluster.sql(
                "ALTER SYSTEM SET fsync = off",
                "ALTER SYSTEM SET autovacuum = off",
                "ALTER SYSTEM SET max_wal_size = '4GB'",
                "SELECT pg_reload_conf()");
        makeTables();
        makeLargeTable();
        var vault = new FolderVault(home);
        wal = new WalShipper(
                cluster.server(), clusterVault(vault), BackupRig.settings("large"), WalEvents.NONE, Clock.systemUTC());
        wal.start();
        full = backup(vault, Manifest.FULL);
        cluster.sql("UPDATE t7 SET n = -7", "UPDATE large SET pad = 'changed in the last file' WHERE " + LAST);
        incremental = backup(vault, Manifest.INCREMENTAL);
        // What only the log knows, beyond the second GiB.
        cluster.sql("UPDATE t9 SET n = -9", "UPDATE large SET pad = 'changed in the third file' WHERE " + THIRD);
        assertThat(wal.awaitShipped(Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")), BackupRig.PATIENCE))
                .isTrue();
        folder = BackupRig.folder();
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        var restored = restorer.restore(
                restorer.plan(new RestoreTarget.Latest()),
                new Landing(folder, BackupRig.freePort()),
                RestoreProgress.NONE);
        copy = RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(2));
    }

    @AfterAll
    static void stop() throws Exception {
        copy.close();
        wal.close();
        cluster.close();
    }

    @Test
    void ten_thousand_tables_come_back() throws Exception {
        for (var first = 1; first <= TABLES; first += 2500) {
            var total = "SELECT total(" + first + ", " + (first + 2499) + ")";
            try (var connection = connect()) {
                assertThat(value(connection, total)).isEqualTo(cluster.value(total));
            }
        }
        try (var connection = connect()) {
            assertThat(value(connection, "SELECT t7.n || ' ' || t9.n || ' ' || t9999.n FROM t7, t9, t9999"))
                    .isEqualTo("-7 -9 9999");
        }
    }

    @Test
    void a_table_of_three_gibibytes_comes_back_with_what_was_changed_behind_its_second() throws Exception {
        assertThat(Long.parseLong(cluster.value("SELECT pg_relation_size('large')")))
                .isGreaterThan(3L << 30);
        var file = cluster.value("SELECT pg_relation_filepath('large')");
        for (var number = 1; number <= 3; number++) {
            assertThat(folder.resolve(file + "." + number))
                    .hasSize(Files.size(cluster.dataFolder().resolve(file + "." + number)));
        }
        try (var connection = connect()) {
            assertThat(value(connection, LARGE)).isEqualTo(cluster.value(LARGE));
            assertThat(value(
                            connection,
                            "SELECT count(*) FROM large WHERE pad = 'changed in the last file' AND " + LAST))
                    .isEqualTo("10");
            assertThat(value(
                            connection,
                            "SELECT count(*) FROM large WHERE pad = 'changed in the third file' AND " + THIRD))
                    .isEqualTo("10");
        }
    }

    @Test
    void of_all_that_only_what_has_changed_is_stored_again() {
        assertThat(full.stored()).isGreaterThan(3L * BLOCKS_OF_A_FILE);
        assertThat(incremental.bytes()).isGreaterThan(3L << 30);
        assertThat(incremental.stored()).isPositive().isLessThan(1000);
    }

    private static void makeTables() throws SQLException {
        cluster.sql("""
                DO $$
                BEGIN
                    FOR n IN 1 .. 10000 LOOP
                        EXECUTE format('CREATE TABLE t%s AS SELECT %s AS n', n, n);
                        IF n % 500 = 0 THEN COMMIT; END IF;
                    END LOOP;
                END
                $$
                """, """
                CREATE FUNCTION total(first int, last int) RETURNS bigint LANGUAGE plpgsql AS $$
                DECLARE
                    total bigint := 0;
                    one bigint;
                BEGIN
                    FOR i IN first .. last LOOP
                        EXECUTE format('SELECT n FROM t%s', i) INTO STRICT one;
                        total := total + i * one;
                    END LOOP;
                    RETURN total;
                END
                $$
                """);
    }

    /// Frozen as it is written: reading it changes nothing more.
    private static void makeLargeTable() throws Exception {
        try (var connection = cluster.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE large (n int, pad char(430) DEFAULT 'as it was') WITH (fillfactor = 10)");
            statement.execute("ALTER TABLE large ALTER pad SET STORAGE PLAIN");
            var rows =
                    IntStream.rangeClosed(1, ROWS).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY large (n) FROM STDIN WITH (FREEZE)", new StringReader(rows));
            connection.commit();
        }
    }

    private static ClusterVault clusterVault(Vault vault) {
        try (var wire = Wire.connect(cluster.server(), "test")) {
            return new ClusterVault(vault, BackupRig.KEY, wire.identify().systemId());
        }
    }

    private static Manifest backup(Vault vault, String kind) throws InterruptedException {
        var backups = new BaseBackup(
                cluster.server(),
                clusterVault(vault),
                wal,
                BackupRig.PATIENCE,
                BaseBackup.PACK_SIZE,
                Clock.systemUTC());
        return backups.run(backups.newId(kind), BackupProgress.NONE);
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + copy.landing().port() + "/postgres",
                "postgres",
                cluster.password("postgres"));
    }
}
