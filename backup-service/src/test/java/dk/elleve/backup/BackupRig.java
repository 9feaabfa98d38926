package dk.elleve.backup;

import static dk.elleve.kit.test.Eventually.until;

import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalSettings;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireException;
import dk.elleve.backup.wire.WireSettings;
import dk.elleve.kit.test.Rig;
import dk.elleve.kit.test.Scratch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// The real cluster of the rig, as the engine and its tests see it.
public final class BackupRig {

    public static final MasterKey KEY = MasterKey.fromBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    public static final MasterKey OTHER_KEY = MasterKey.fromBase64("ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private BackupRig() {}

    public static WireSettings server() {
        return WireSettings.local(
                "127.0.0.1",
                Rig.postgres().address().port(),
                "backup_wire",
                Rig.secrets().password("backup_wire"));
    }

    public static String systemId() {
        try (var wire = Wire.connect(server(), "test")) {
            return wire.identify().systemId();
        }
    }

    public static ClusterVault cluster(Vault vault) {
        return new ClusterVault(vault, KEY, systemId());
    }

    /// A slot of its own for each test, so that none sees what another has confirmed.
    public static WalSettings settings(String slot) {
        return new WalSettings(slot, Duration.ofMillis(300), 1 << 20, Duration.ofMillis(200));
    }

    public static WalShipper shipper(Vault vault, String slot) {
        return new WalShipper(server(), cluster(vault), settings(slot), WalEvents.NONE, Clock.systemUTC());
    }

    /// Small packs, so that there are several.
    public static BaseBackup backups(Vault vault, WalShipper wal) {
        return new BaseBackup(server(), cluster(vault), wal, PATIENCE, 4 << 20, Clock.systemUTC());
    }

    public static Manifest backup(Vault vault, WalShipper wal) throws InterruptedException {
        return backup(vault, wal, Manifest.FULL);
    }

    public static Manifest backup(Vault vault, WalShipper wal, String kind) throws InterruptedException {
        var backup = backups(vault, wal);
        return backup.run(backup.newId(kind), BackupProgress.NONE);
    }

    /// The server may need a moment to see that whoever streamed from the slot is gone.
    public static void dropSlot(String slot) {
        until("slot " + slot + " is dropped", PATIENCE, () -> isDropped(slot), dropped -> dropped);
    }

    private static boolean isDropped(String slot) {
        try (var wire = Wire.connect(server(), "test")) {
            wire.slot(slot).ifPresent(there -> wire.dropSlot(slot));
            return true;
        } catch (WireException e) {
            if (e.isSlotBusy()) {
                return false;
            }
            throw e;
        }
    }

    public static void database(String name) throws SQLException {
        try (var connection = Rig.postgres().superuser("postgres").getConnection();
                var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + name);
        }
    }

    /// A database with the tables of this service in it, and nothing that runs on it.
    public static DataSource catalogue(String name) throws SQLException {
        database(name);
        sql(name, "CREATE SCHEMA data", "CREATE SCHEMA kit");
        var there = Rig.postgres().superuser(name);
        Flyway.configure()
                .dataSource(there)
                .locations("classpath:db/kit", "classpath:db/migration")
                .defaultSchema("kit")
                .schemas("kit")
                .outOfOrder(true)
                .load()
                .migrate();
        return there;
    }

    /// For the end of a class of tests: every later backup of the rig's cluster would hold them.
    public static void forget(String... databases) throws SQLException {
        for (var name : databases) {
            sql("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        }
    }

    public static void sql(String database, String... statements) throws SQLException {
        try (var connection = Rig.postgres().superuser(database).getConnection();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public static String value(String database, String sql) throws SQLException {
        try (var connection = Rig.postgres().superuser(database).getConnection()) {
            return value(connection, sql);
        }
    }

    public static Lsn flushed() throws SQLException {
        return Lsn.parse(value("postgres", "SELECT pg_current_wal_flush_lsn()"));
    }

    public static Lsn inserted() throws SQLException {
        return Lsn.parse(value("postgres", "SELECT pg_current_wal_insert_lsn()"));
    }

    /// Everything written so far is in the vault afterwards.
    public static void shipAll(WalShipper wal) throws SQLException, InterruptedException {
        var end = flushed();
        if (!wal.awaitShipped(end, PATIENCE)) {
            throw new AssertionError("WAL up to " + end + " did not reach the vault: " + wal.status());
        }
    }

    public static String value(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    public static List<String> rows(Connection connection, String sql) throws SQLException {
        var rows = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    /// Where a restore may put a cluster.
    public static Path folder() {
        return Scratch.folder("restore").resolve("data");
    }

    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Restores, starts, and hands over a running copy.
    public static Copy restore(Vault vault, RestoreTarget target) throws IOException, InterruptedException {
        var restorer = Restorer.open(vault, KEY, null);
        var restored = restorer.restore(restorer.plan(target), new Landing(folder(), freePort()), RestoreProgress.NONE);
        return new Copy(RestoredServer.start(Rig.postgresPrograms(), restored.landing(), Duration.ofMinutes(2)));
    }

    public record Copy(RestoredServer server) implements AutoCloseable {

        public Connection connect(String database) throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/" + database,
                    "postgres",
                    Rig.secrets().password("postgres"));
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
