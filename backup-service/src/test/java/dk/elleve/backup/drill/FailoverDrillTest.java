package dk.elleve.backup.drill;

import static dk.elleve.kit.test.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
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
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import dk.elleve.kit.test.Rig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A standby is promoted that had not got all of the log, and the vault has what it never had. What
/// was marked on the part that was left is no moment of the cluster any more.
class FailoverDrillTest {

    private final MemoryVault storage = new MemoryVault();

    @Test
    void after_a_failover_only_what_the_cluster_went_through_is_restored_and_compared() throws Exception {
        try (var cluster = new OwnCluster()) {
            cluster.sql(
                    "GRANT pg_read_all_data TO backup_wire",
                    "ALTER ROLE backup_wire BYPASSRLS",
                    "CREATE TABLE noted (id int)",
                    "INSERT INTO noted VALUES (1)");
            var vault = vault(cluster.server());
            Mark kept;
            Mark left;
            try (var wal = shipper(cluster.server(), vault)) {
                wal.start();
                backup(cluster.server(), vault, wal);
                // So that the mark is behind a record, and not behind the header of a segment.
                cluster.sql("INSERT INTO noted VALUES (11)");
                kept = mark(cluster.server());
                cluster.sql("INSERT INTO noted VALUES (2)");
                // More than a segment behind, and with a backup of what will be left.
                cluster.sql("SELECT pg_switch_wal()", "INSERT INTO noted VALUES (3)", "SELECT pg_switch_wal()");
                backup(cluster.server(), vault, wal);
                left = mark(cluster.server());
                cluster.sql("INSERT INTO noted VALUES (4)");
                ship(wal, Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")));
            }
            cluster.kill();
            var promoted = new Restorer(vault)
                    .restore(
                            new Restorer(vault).plan(new RestoreTarget.AtLsn(kept.position())),
                            new Landing(BackupRig.folder(), BackupRig.freePort()),
                            RestoreProgress.NONE)
                    .landing();

            try (var server = RestoredServer.start(Rig.postgresPrograms(), promoted, Duration.ofMinutes(1));
                    var connection = connect(server, cluster);
                    var statement = connection.createStatement();
                    var wal = shipper(cluster.server(promoted.port()), vault)) {
                wal.start();
                statement.execute("INSERT INTO noted VALUES (22)");
                ship(wal, Lsn.parse(BackupRig.value(connection, "SELECT pg_current_wal_flush_lsn()")));
                assertThat(wal.status().timeline()).isEqualTo(2);
                assertThat(new Restorer(vault).plan(new RestoreTarget.Latest()).walEnd())
                        .as("the newest point lies before what was left")
                        .isLessThan(left.position());
                assertThatThrownBy(() -> new Restorer(vault).plan(target(left)))
                        .isInstanceOfSatisfying(
                                RestoreException.class,
                                e -> assertThat(e.problem()).isEqualTo(RestoreProblem.OTHER_TIMELINE));

                // The new timeline comes to the same number.
                for (int i = 0; i < 6; i++) {
                    statement.execute("INSERT INTO noted VALUES (100)");
                    statement.execute("SELECT pg_switch_wal()");
                }
                var now = mark(cluster.server(promoted.port()));
                statement.execute("INSERT INTO noted VALUES (101)");
                ship(wal, Lsn.parse(BackupRig.value(connection, "SELECT pg_current_wal_flush_lsn()")));
                assertThat(kept.at().timeline()).isEqualTo(1);
                assertThat(now.at().timeline()).isEqualTo(2);
                assertThat(left.position()).isLessThan(now.position());

                var drill = drill(cluster.server(promoted.port()), vault, wal);
                assertThat(drill.run("kept", kept).records())
                        .isEqualTo(kept.content().rows());
                assertThat(drill.run("now", now).records())
                        .isEqualTo(now.content().rows());
                assertThatThrownBy(() -> drill.run("left", left))
                        .hasMessageContaining("does not lead to " + left.position() + " on timeline 1");
            }
        }
    }

    private static RestoreTarget target(Mark mark) {
        return new RestoreTarget.AtLsn(mark.position(), mark.at().timeline());
    }

    private ClusterVault vault(WireSettings server) {
        try (var wire = Wire.connect(server, "test")) {
            return new ClusterVault(storage, BackupRig.KEY, wire.identify().systemId());
        }
    }

    private static WalShipper shipper(WireSettings server, ClusterVault vault) {
        return new WalShipper(server, vault, BackupRig.settings("failover"), WalEvents.NONE, Clock.systemUTC());
    }

    private static void backup(WireSettings server, ClusterVault vault, WalShipper wal) throws InterruptedException {
        var full = new BaseBackup(server, vault, wal, BackupRig.PATIENCE, 16 << 20, Clock.systemUTC());
        full.run(full.newId(Manifest.FULL), BackupProgress.NONE);
    }

    private static Mark mark(WireSettings server) throws Exception {
        return new SourceReader(server).atOnePosition(Duration.ofMinutes(1), Clock.systemUTC());
    }

    private static void ship(WalShipper wal, Lsn end) {
        until(
                "the WAL is in the vault",
                BackupRig.PATIENCE,
                wal::status,
                status -> !Lsn.parse(status.shipped()).isBefore(end));
    }

    private static Connection connect(RestoredServer server, OwnCluster cluster) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                "postgres",
                cluster.password("postgres"));
    }

    private static Drill drill(WireSettings server, ClusterVault vault, WalShipper wal) {
        return new Drill(
                server,
                vault,
                wal,
                Rig.postgresPrograms(),
                Path.of("target/failover-drills"),
                Duration.ofMinutes(2),
                tenant -> true,
                null,
                null,
                Clock.systemUTC());
    }
}
