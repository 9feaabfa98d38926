package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The older servers that are still in use; 18 is what all other tests run on.
class VersionsTest {

    @ParameterizedTest
    @ValueSource(strings = {"15", "16", "17"})
    void a_cluster_of_this_version_comes_back_from_a_full_and_an_incremental_backup(String version) throws Exception {
        var programs = programs(version);
        var data = BackupRig.folder();
        var port = BackupRig.freePort();
        initialise(programs, data, port);
        var vault = new MemoryVault();
        try (var server = RestoredServer.start(programs, new Landing(data, port), BackupRig.PATIENCE);
                var connection = connect(port)) {
            sql(connection, "CREATE TABLE t AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 20000) n");
            var settings = WireSettings.local("127.0.0.1", server.landing().port(), "postgres", "none");
            String systemId;
            try (var wire = Wire.connect(settings, "test")) {
                systemId = wire.identify().systemId();
            }
            var cluster = new ClusterVault(vault, BackupRig.KEY, systemId);
            try (var wal = new WalShipper(
                    settings, cluster, BackupRig.settings("versions"), WalEvents.NONE, Clock.systemUTC())) {
                wal.start();
                var backups = new BaseBackup(settings, cluster, wal, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
                backups.run(backups.newId(Manifest.FULL), BackupProgress.NONE);
                sql(connection, "UPDATE t SET pad = 'changed' WHERE n < 100");
                var incremental = backups.run(backups.newId(Manifest.INCREMENTAL), BackupProgress.NONE);
                assertThat(incremental.serverVersion()).startsWith(version);
                assertThat(incremental.stored()).isLessThan(incremental.blocks() / 5);
                sql(connection, "DELETE FROM t WHERE n > 19000");
                var end = Lsn.parse(value(connection, "SELECT pg_current_wal_flush_lsn()"));
                assertThat(wal.awaitShipped(end, BackupRig.PATIENCE)).isTrue();
            }
            var digest = "SELECT count(*) || md5(string_agg(t::text, '' ORDER BY n)) FROM t";
            var source = value(connection, digest);

            var restorer = Restorer.open(vault, BackupRig.KEY, null);
            var restored = restorer.restore(
                    restorer.plan(new RestoreTarget.Latest()),
                    new Landing(BackupRig.folder(), BackupRig.freePort()),
                    RestoreProgress.NONE);
            try (var copy = RestoredServer.start(programs, restored.landing(), Duration.ofMinutes(2));
                    var there = connect(copy.landing().port())) {
                assertThat(value(there, digest)).isEqualTo(source);
            }
        }
    }

    private static Path programs(String version) throws IOException {
        var home = Path.of("target/servers/" + version).toAbsolutePath();
        if (Files.exists(home.resolve("bin/pg_ctl"))) {
            return home.resolve("bin");
        }
        try (var jar = new ZipFile("target/servers/" + version + ".jar")) {
            var archive = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            try (var tar = new TarArchiveInputStream(new XZCompressorInputStream(jar.getInputStream(archive)))) {
                for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    var target = home.resolve(entry.getName());
                    if (entry.isDirectory()) {
                        Files.createDirectories(target);
                    } else if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                    } else {
                        Files.createDirectories(target.getParent());
                        Files.copy(tar, target);
                        Files.setPosixFilePermissions(
                                target,
                                PosixFilePermissions.fromString(
                                        (entry.getMode() & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--"));
                    }
                }
            }
        }
        return home.resolve("bin");
    }

    private static void initialise(Path programs, Path data, int port) throws Exception {
        Files.createDirectories(data);
        var user = ServerUser.of(data);
        user.own(data);
        var command = new ArrayList<>(List.of(programs.resolve("initdb").toString(), "-D", data.toString()));
        command.addAll(List.of("-U", "postgres", "--auth=trust", "--data-checksums", "--locale=C", "-E", "UTF8"));
        var initdb = new ProcessBuilder(user.command(command))
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        var said = new String(initdb.getInputStream().readAllBytes());
        assertThat(initdb.waitFor()).as(said).isZero();
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                """.formatted(port));
        user.own(data.resolve("postgresql.auto.conf"));
    }

    private static Connection connect(int port) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "postgres", "none");
    }

    private static void sql(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
