package dk.elleve.backup;

import dk.elleve.backup.wire.WireSettings;
import dk.elleve.kit.test.Scratch;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/// A cluster that a test may crash, starve and bury without hurting the others.
public final class OwnCluster implements AutoCloseable {

    private final Secrets secrets = Secrets.inMemory();
    private final PostgresPart postgres;

    public OwnCluster() throws IOException, SQLException {
        postgres = new PostgresPart(Parts.standard(), new Place(Scratch.folder("cluster")), Ports.free(), secrets);
        postgres.install();
        start();
        sql("CREATE ROLE backup_wire LOGIN REPLICATION PASSWORD '" + secrets.password("backup_wire") + "'");
    }

    public void start() {
        postgres.start();
        postgres.awaitReady(Duration.ofSeconds(60));
    }

    public void stop() {
        postgres.stop();
    }

    public void kill() {
        postgres.kill();
    }

    public Path dataFolder() {
        return postgres.dataFolder();
    }

    public int port() {
        return postgres.port();
    }

    public String password(String role) {
        return secrets.password(role);
    }

    public WireSettings server() {
        return server(postgres.port());
    }

    public WireSettings server(int port) {
        return WireSettings.local("127.0.0.1", port, "backup_wire", secrets.password("backup_wire"));
    }

    /// A session of the superuser.
    public Connection connect() throws SQLException {
        return connect("postgres");
    }

    public Connection connect(String database) throws SQLException {
        return postgres.superuser(database).getConnection();
    }

    public void sql(String... statements) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    public String value(String sql) throws SQLException {
        try (var connection = connect()) {
            return BackupRig.value(connection, sql);
        }
    }

    @Override
    public void close() {
        postgres.kill();
    }
}
