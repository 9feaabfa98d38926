package dk.elleve.backup.wal;

import static dk.elleve.kit.test.Eventually.eventually;
import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreException;
import dk.elleve.backup.restore.RestoreProblem;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.kit.test.Rig;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalShipperTest {

    private static final Segments SEGMENTS = new Segments(16 << 20);

    private final MemoryVault vault = new MemoryVault();

    @AfterEach
    void dropSlot() {
        BackupRig.dropSlot("wal_test");
    }

    @Test
    void a_small_commit_is_in_the_vault_within_the_age_of_a_part() throws Exception {
        try (var wal = BackupRig.shipper(vault, "wal_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_small", "CREATE TABLE wal_small (id INT)");

            BackupRig.shipAll(wal);

            assertThat(wal.status().streaming()).isTrue();
            eventually("a young WAL", () -> assertThat(wal.status().age()).isLessThan(Duration.ofSeconds(3)));
            assertSound();
        }
    }

    @Test
    void a_full_segment_is_sealed_and_its_parts_go() throws Exception {
        try (var wal = BackupRig.shipper(vault, "wal_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_seal", "CREATE TABLE wal_seal (id INT)");
            BackupRig.shipAll(wal);
            var segment = BackupRig.value("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())");
            assertThat(BackupRig.cluster(vault).list("wal/00000001/" + segment + "/"))
                    .isNotEmpty();

            BackupRig.sql(
                    "postgres",
                    "INSERT INTO wal_seal VALUES (1)",
                    "SELECT pg_switch_wal()",
                    "INSERT INTO wal_seal VALUES (1)");
            BackupRig.shipAll(wal);

            eventually(
                    "one sealed object",
                    () -> assertThat(BackupRig.cluster(vault).list("wal/00000001/" + segment + "/"))
                            .containsExactly("wal/00000001/" + segment + "/sealed"));
            assertSound();
        }
    }

    @Test
    void a_trickle_does_not_end_in_thousands_of_parts() throws Exception {
        var eager = new WalSettings("wal_test", Duration.ofMillis(1), 1 << 20, Duration.ofMillis(200));
        try (var wal = new WalShipper(
                BackupRig.server(), BackupRig.cluster(vault), eager, WalEvents.NONE, Clock.systemUTC())) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_trickle", "CREATE TABLE wal_trickle (id INT)");
            for (var i = 0; i < 200; i++) {
                BackupRig.sql("postgres", "INSERT INTO wal_trickle VALUES (1)");
                BackupRig.shipAll(wal);
            }

            eventually("few parts", () -> {
                var inventory = new WalShelf(BackupRig.cluster(vault), SEGMENTS).inventory();
                var last = inventory.numbers(1).getLast();
                assertThat(inventory.extents(1, last)).hasSizeLessThan(70);
            });
            assertSound();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_process_that_dies_at_any_write_is_continued_without_a_hole(boolean afterTheWrite) throws Exception {
        BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_die", "CREATE TABLE wal_die (pad TEXT)");
        for (var write = 1; write <= 8; write++) {
            var faulty = new FaultyVault(vault);
            faulty.dieAt(write, afterTheWrite);
            var wal = BackupRig.shipper(faulty, "wal_test");
            wal.start();
            BackupRig.sql(
                    "postgres", "INSERT INTO wal_die SELECT repeat(md5(g::text), 30) FROM generate_series(1, 3000) g");
            until(
                    "a death at write " + write,
                    () -> {
                        BackupRig.sql(
                                "postgres",
                                "INSERT INTO wal_die SELECT repeat(md5(g::text), 30) FROM generate_series(1, 600) g");
                        return faulty.isDead();
                    },
                    dead -> dead);
            wal.kill();
            BackupRig.sql("postgres", "INSERT INTO wal_die VALUES ('while nobody ships')");
        }
        try (var wal = BackupRig.shipper(vault, "wal_test")) {
            wal.start();
            BackupRig.shipAll(wal);
            assertSound();
        }
    }

    @Test
    void storage_that_is_away_for_a_while_loses_nothing_and_is_seen_in_the_age() throws Exception {
        var faulty = new FaultyVault(vault);
        try (var wal = BackupRig.shipper(faulty, "wal_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_away", "CREATE TABLE wal_away (pad TEXT)");
            BackupRig.shipAll(wal);

            faulty.away(true);
            BackupRig.sql(
                    "postgres",
                    "INSERT INTO wal_away SELECT repeat(md5(g::text), 30) FROM generate_series(1, 30000) g");
            eventually("trouble", () -> {
                assertThat(wal.status().trouble())
                        .hasValueSatisfying(why -> assertThat(why).contains("died on order"));
                assertThat(wal.status().age()).isGreaterThan(Duration.ofSeconds(1));
            });
            faulty.away(false);

            BackupRig.shipAll(wal);
            assertThat(wal.status().maxAge()).isGreaterThan(Duration.ofSeconds(1));
            assertSound();
        }
    }

    @Test
    void the_slot_lets_go_only_of_what_is_in_the_vault() throws Exception {
        var faulty = new FaultyVault(vault);
        try (var wal = BackupRig.shipper(faulty, "wal_test")) {
            wal.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_slot", "CREATE TABLE wal_slot (pad TEXT)");
            BackupRig.shipAll(wal);
            faulty.away(true);
            var held = Lsn.parse(wal.status().shipped());
            BackupRig.sql(
                    "postgres", "INSERT INTO wal_slot SELECT repeat(md5(g::text), 30) FROM generate_series(1, 3000) g");
            eventually("trouble", () -> assertThat(wal.status().trouble()).isPresent());

            var restart = Lsn.parse(BackupRig.value(
                    "postgres", "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'wal_test'"));

            assertThat(restart).isLessThanOrEqualTo(held);
            faulty.away(false);
            BackupRig.shipAll(wal);
            eventually(
                    "the slot to move on",
                    () -> assertThat(Lsn.parse(BackupRig.value(
                                    "postgres",
                                    "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = 'wal_test'")))
                            .isGreaterThan(held));
        }
    }

    @Test
    void a_server_that_shuts_down_is_not_kept_waiting() throws Exception {
        try (var cluster = new OwnCluster()) {
            var slow = new WalSettings("own", Duration.ofMinutes(5), 1 << 20, Duration.ofMillis(200));
            try (var wal = shipper(cluster, slow, WalEvents.NONE)) {
                wal.start();
                eventually(
                        "a stream", () -> assertThat(wal.status().streaming()).isTrue());
                cluster.sql("CREATE TABLE t (id INT)");
                var before = System.nanoTime();

                cluster.stop();

                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
            }
        }
    }

    @Test
    void a_loss_is_put_on_record_and_no_restore_crosses_it() throws Exception {
        try (var cluster = new OwnCluster()) {
            cluster.sql(
                    "ALTER SYSTEM SET min_wal_size = '32MB'",
                    "ALTER SYSTEM SET max_wal_size = '32MB'",
                    "SELECT pg_reload_conf()");
            var lost = new CopyOnWriteArrayList<Gap>();
            var events = new WalEvents() {
                @Override
                public void lost(Gap gap) {
                    lost.add(gap);
                }
            };
            var settings = BackupRig.settings("own");
            var cv = vault(cluster);
            try (var wal = shipper(cluster, settings, events)) {
                wal.start();
                full(cluster, wal);
            }
            // Somebody drops the slot while the service is down, and the server moves on.
            try (var wire = Wire.connect(cluster.server(), "test")) {
                wire.dropSlot("own");
            }
            cluster.sql("CREATE TABLE t (pad TEXT)");
            for (var i = 0; i < 8; i++) {
                cluster.sql("INSERT INTO t VALUES ('x')", "SELECT pg_switch_wal()", "CHECKPOINT");
            }
            try (var wal = shipper(cluster, settings, events)) {
                wal.start();
                eventually("the gap", () -> assertThat(lost).hasSize(1));
                var end = Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()"));
                assertThat(wal.awaitShipped(end, BackupRig.PATIENCE)).isTrue();

                assertThat(WalShelf.gaps(cv)).containsExactlyElementsOf(lost);
                assertThatThrownBy(() -> new Restorer(cv).plan(new RestoreTarget.Latest()))
                        .isInstanceOfSatisfying(
                                RestoreException.class,
                                e -> assertThat(e.problem()).isEqualTo(RestoreProblem.WAL_GAP))
                        .hasMessageContaining(lost.getFirst().from());

                // A new full backup stands behind the gap.
                var fresh = full(cluster, wal);
                assertThat(new Restorer(cv)
                                .plan(new RestoreTarget.Latest())
                                .manifest()
                                .id())
                        .isEqualTo(fresh);
            }
        }
    }

    @Test
    void a_slot_that_was_dropped_by_hand_loses_nothing_while_the_server_still_has_the_wal() throws Exception {
        try (var cluster = new OwnCluster()) {
            var settings = BackupRig.settings("own");
            try (var wal = shipper(cluster, settings, WalEvents.NONE)) {
                wal.start();
                cluster.sql("CREATE TABLE t (id INT)");
                ship(cluster, wal);
                full(cluster, wal);
            }
            try (var wire = Wire.connect(cluster.server(), "test")) {
                wire.dropSlot("own");
            }
            cluster.sql("INSERT INTO t VALUES (1)", "SELECT pg_switch_wal()", "INSERT INTO t VALUES (2)");

            try (var wal = shipper(cluster, settings, WalEvents.NONE)) {
                wal.start();
                ship(cluster, wal);
            }

            assertThat(WalShelf.gaps(vault(cluster))).isEmpty();
            assertThat(newest(cluster, "SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
        }
    }

    /// The server spares its disk (`max_slot_wal_keep_size`) while the storage is away for too long.
    @Test
    void wal_that_the_server_gave_up_to_spare_its_disk_is_a_gap_on_record_and_the_next_backup_heals() throws Exception {
        try (var cluster = new OwnCluster()) {
            cluster.sql(
                    "ALTER SYSTEM SET min_wal_size = '32MB'",
                    "ALTER SYSTEM SET max_wal_size = '32MB'",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'",
                    "SELECT pg_reload_conf()");
            var lost = new CopyOnWriteArrayList<Gap>();
            var events = new WalEvents() {
                @Override
                public void lost(Gap gap) {
                    lost.add(gap);
                }
            };
            var storage = new FaultyVault(vault);
            var cv = vault(cluster);
            try (var wal = new WalShipper(
                    cluster.server(),
                    new ClusterVault(storage, BackupRig.KEY, cv.systemId()),
                    BackupRig.settings("own"),
                    events,
                    Clock.systemUTC())) {
                wal.start();
                full(cluster, wal);
                cluster.sql("CREATE TABLE t (pad TEXT)");
                storage.away(true);
                until(
                        "the slot is given up",
                        Duration.ofSeconds(60),
                        () -> {
                            cluster.sql("INSERT INTO t VALUES ('x')", "SELECT pg_switch_wal()", "CHECKPOINT");
                            return cluster.value("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'own'");
                        },
                        "lost"::equals);

                storage.away(false);
                eventually("the gap", () -> assertThat(lost).hasSize(1));
                ship(cluster, wal);
                assertThat(cluster.value("SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'own'"))
                        .isEqualTo("reserved");
                assertThat(WalShelf.gaps(cv)).containsExactlyElementsOf(lost);
                assertThatThrownBy(() -> new Restorer(cv).plan(new RestoreTarget.Latest()))
                        .isInstanceOfSatisfying(
                                RestoreException.class,
                                e -> assertThat(e.problem()).isEqualTo(RestoreProblem.WAL_GAP));

                var fresh = full(cluster, wal);
                assertThat(new Restorer(cv)
                                .plan(new RestoreTarget.Latest())
                                .manifest()
                                .id())
                        .isEqualTo(fresh);
            }
        }
    }

    @Test
    void a_server_that_crashes_and_comes_again_is_followed_without_a_loss() throws Exception {
        try (var cluster = new OwnCluster();
                var wal = shipper(cluster, BackupRig.settings("own"), WalEvents.NONE)) {
            wal.start();
            full(cluster, wal);
            cluster.sql("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");

            cluster.kill();
            eventually("trouble", () -> assertThat(wal.status().trouble()).isPresent());
            cluster.start();
            cluster.sql("INSERT INTO t VALUES (2)");
            ship(cluster, wal);

            assertThat(wal.status().trouble()).isEmpty();
            assertThat(WalShelf.gaps(vault(cluster))).isEmpty();
            assertThat(newest(cluster, "SELECT id FROM t ORDER BY id")).containsExactly("1", "2");
        }
    }

    @Test
    void of_two_instances_one_ships_and_the_other_takes_over_when_it_dies() throws Exception {
        try (var first = BackupRig.shipper(vault, "wal_test");
                var second = BackupRig.shipper(vault, "wal_test")) {
            first.start();
            BackupRig.sql("postgres", "DROP TABLE IF EXISTS wal_two", "CREATE TABLE wal_two (id INT)");
            BackupRig.shipAll(first);
            second.start();
            eventually(
                    "the second is told why it waits",
                    () -> assertThat(second.status().trouble())
                            .hasValueSatisfying(why -> assertThat(why).contains("is active for PID")));
            BackupRig.sql("postgres", "INSERT INTO wal_two VALUES (1)");
            BackupRig.shipAll(first);

            first.kill();
            BackupRig.sql("postgres", "INSERT INTO wal_two VALUES (2)", "SELECT pg_switch_wal()");
            BackupRig.shipAll(second);

            assertThat(second.status().trouble()).isEmpty();
            assertSound();
        }
    }

    @Test
    void wal_of_another_cluster_is_not_shipped() {
        var foreign = new ClusterVault(vault, BackupRig.KEY, "42");
        try (var wal = new WalShipper(
                BackupRig.server(), foreign, BackupRig.settings("wal_test"), WalEvents.NONE, Clock.systemUTC())) {
            wal.start();

            eventually(
                    "refused",
                    () -> assertThat(wal.status().trouble())
                            .hasValueSatisfying(why -> assertThat(why).contains("its WAL does not belong here")));
            assertThat(foreign.list("wal/")).isEmpty();
        }
    }

    @Test
    void a_switch_of_the_timeline_is_followed_and_restored_across() throws Exception {
        try (var cluster = new OwnCluster()) {
            var settings = BackupRig.settings("own");
            var cv = vault(cluster);
            cluster.sql("CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1)");
            try (var wal = shipper(cluster, settings, WalEvents.NONE)) {
                wal.start();
                full(cluster, wal);
                cluster.sql("INSERT INTO t VALUES (2)");
                assertThat(wal.awaitShipped(
                                Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")), BackupRig.PATIENCE))
                        .isTrue();
            }
            cluster.kill();
            // The cluster burns down; its restored copy goes on as timeline 2, and is shipped to the same
            // vault.
            var restorer = new Restorer(cv);
            var restored = restorer.restore(
                    restorer.plan(new RestoreTarget.Latest()),
                    new Landing(BackupRig.folder(), BackupRig.freePort()),
                    RestoreProgress.NONE);
            try (var server = RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(1));
                    var connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                            "postgres",
                            cluster.password("postgres"));
                    var wal = new WalShipper(
                            cluster.server(server.landing().port()), cv, settings, WalEvents.NONE, Clock.systemUTC())) {
                wal.start();
                connection.createStatement().execute("INSERT INTO t VALUES (3)");
                var end = Lsn.parse(BackupRig.value(connection, "SELECT pg_current_wal_flush_lsn()"));
                assertThat(wal.awaitShipped(end, BackupRig.PATIENCE))
                        .as(wal.status().toString())
                        .isTrue();
                eventually(
                        "timeline 2", () -> assertThat(wal.status().timeline()).isEqualTo(2));
                eventually(
                        "all of it",
                        () -> assertThat(Lsn.parse(wal.status().shipped())).isGreaterThanOrEqualTo(end));
            }
            var again = restorer.restore(
                    restorer.plan(new RestoreTarget.Latest()),
                    new Landing(BackupRig.folder(), BackupRig.freePort()),
                    RestoreProgress.NONE);
            try (var server = RestoredServer.start(Rig.postgresPrograms(), again.landing(), Duration.ofMinutes(1));
                    var connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                            "postgres",
                            cluster.password("postgres"))) {
                assertThat(BackupRig.rows(connection, "SELECT id FROM t ORDER BY id"))
                        .containsExactly("1", "2", "3");
            }
        }
    }

    /// What a restore to the newest point has.
    private List<String> newest(OwnCluster cluster, String sql) throws Exception {
        var restorer = new Restorer(vault(cluster));
        var restored = restorer.restore(
                restorer.plan(new RestoreTarget.Latest()),
                new Landing(BackupRig.folder(), BackupRig.freePort()),
                RestoreProgress.NONE);
        try (var server = RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(1));
                var connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                        "postgres",
                        cluster.password("postgres"))) {
            return BackupRig.rows(connection, sql);
        }
    }

    private static void ship(OwnCluster cluster, WalShipper wal) throws Exception {
        var end = Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()"));
        assertThat(wal.awaitShipped(end, BackupRig.PATIENCE))
                .as(wal.status().toString())
                .isTrue();
    }

    private ClusterVault vault(OwnCluster cluster) {
        try (var wire = Wire.connect(cluster.server(), "test")) {
            return new ClusterVault(vault, BackupRig.KEY, wire.identify().systemId());
        }
    }

    private WalShipper shipper(OwnCluster cluster, WalSettings settings, WalEvents events) {
        return new WalShipper(cluster.server(), vault(cluster), settings, events, Clock.systemUTC());
    }

    private String full(OwnCluster cluster, WalShipper wal) throws InterruptedException {
        var full =
                new BaseBackup(cluster.server(), vault(cluster), wal, BackupRig.PATIENCE, 16 << 20, Clock.systemUTC());
        return full.run(full.newId(Manifest.FULL), BackupProgress.NONE).id();
    }

    /// From its first segment to its end the vault holds the server's own WAL, byte for byte, without a hole.
    private void assertSound() throws Exception {
        var shelf = new WalShelf(BackupRig.cluster(vault), SEGMENTS);
        var inventory = shelf.inventory();
        var numbers = inventory.numbers(1);
        assertThat(numbers).isNotEmpty();
        var none = new WalInventory.End(1, Lsn.ZERO);
        assertThat(inventory.contiguousFrom(1, SEGMENTS.start(numbers.getFirst())))
                .isEqualTo(Timelines.first().end(inventory, none).lsn());
        for (var number : numbers) {
            var segment = shelf.read(inventory, 1, number);
            try (var connection = Rig.postgres().superuser("postgres").getConnection();
                    var query = connection.prepareStatement("SELECT pg_read_binary_file('pg_wal/' || ?)")) {
                query.setString(1, SEGMENTS.fileName(1, number));
                try (var row = query.executeQuery()) {
                    row.next();
                    assertThat(Arrays.mismatch(
                                    segment.bytes(), 0, segment.length(), row.getBytes(1), 0, segment.length()))
                            .as("segment %d", number)
                            .isEqualTo(-1);
                }
            }
        }
    }
}
