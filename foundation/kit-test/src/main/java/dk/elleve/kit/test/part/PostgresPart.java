package dk.elleve.kit.test.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;

/// PostgreSQL 18 from the embedded binaries, set up as production would be: data checksums, fsync, logical WAL,
/// SCRAM passwords on the loopback address only.
public final class PostgresPart implements Part {

    public static final String HOST = "127.0.0.1";

    private final Parts parts;
    private final Path data;
    private final int port;
    private final Secrets secrets;
    private final Daemon daemon;

    public PostgresPart(Parts parts, Place place, int port, Secrets secrets) {
        this.parts = parts;
        this.data = place.data("postgres");
        this.port = port;
        this.secrets = secrets;
        this.daemon = new Daemon("postgres", place);
    }

    @Override
    public String name() {
        return "postgres";
    }

    public int port() {
        return port;
    }

    public Path dataFolder() {
        return data;
    }

    /// The folder with `postgres`, `initdb` and `pg_ctl`.
    public Path programs() {
        return programs(parts);
    }

    /// The same, without a part.
    public static Path programs(Parts parts) {
        return parts.postgres().resolve("bin");
    }

    @Override
    public void install() {
        parts.postgres();
    }

    @Override
    public void start() {
        if (running()) {
            return;
        }
        var programs = programs();
        Place.open(Place.folderOf(data));
        var user = Unprivileged.user(data, programs);
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            initialise(user, programs);
        }
        removeStaleLock();
        writeSettings();
        daemon.start(new Daemon.Command(
                user.command(List.of(programs.resolve("postgres").toString(), "-D", data.toString())), Path.of("/")));
    }

    private void initialise(Unprivileged user, Path programs) {
        try {
            // Made beside and renamed: a first start that was cut off leaves no half cluster behind.
            var unfinished = data.resolveSibling("postgres.new");
            Parts.delete(unfinished);
            Files.createDirectory(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            user.own(unfinished);
            var passwordFile = Files.createTempFile("elleve", ".initdb");
            try {
                Files.writeString(passwordFile, superuserPassword());
                user.own(passwordFile);
                var initdb = new ProcessBuilder(user.command(List.of(
                                programs.resolve("initdb").toString(),
                                "--pgdata=" + unfinished,
                                "--username=" + PostgresServer.SUPERUSER,
                                "--pwfile=" + passwordFile,
                                "--auth=scram-sha-256",
                                "--data-checksums",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8")))
                        .directory(Path.of("/").toFile())
                        .redirectErrorStream(true)
                        .start();
                var said = new String(initdb.getInputStream().readAllBytes());
                if (initdb.waitFor() != 0) {
                    throw new PartFailure("PostgreSQL could not make its data folder " + data + ": "
                            + said.strip().lines().reduce((a, b) -> b).orElse("no reason given"));
                }
            } finally {
                Files.delete(passwordFile);
            }
            Files.writeString(unfinished.resolve("pg_hba.conf"), """
                    # Nobody without a password, nobody from elsewhere. REPLICATION is given to two roles only.
                    host all         all                       127.0.0.1/32 scram-sha-256
                    host replication audit_capture,backup_wire 127.0.0.1/32 scram-sha-256
                    """);
            Files.writeString(
                    unfinished.resolve("postgresql.conf"),
                    Files.readString(unfinished.resolve("postgresql.conf")) + "\ninclude_if_exists = 'elleve.conf'\n");
            Files.move(unfinished, data);
        } catch (IOException e) {
            throw new PartFailure("PostgreSQL could not make its data folder " + data + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while PostgreSQL made its data folder.", e);
        }
    }

    private void writeSettings() {
        try {
            Files.writeString(data.resolve("elleve.conf"), """
                    listen_addresses = '%s'
                    port = %d
                    unix_socket_directories = ''
                    password_encryption = 'scram-sha-256'
                    max_connections = 200
                    shared_buffers = '128MB'
                    fsync = on
                    full_page_writes = on
                    wal_level = logical
                    max_wal_senders = 20
                    max_replication_slots = 20
                    # A reader that stays away may not fill the disk; what it then misses is an alarm of its own.
                    max_slot_wal_keep_size = '4GB'
                    # After each checkpoint every page is written whole once. Under load it would come every few seconds.
                    max_wal_size = '4GB'
                    wal_sender_timeout = '60s'
                    log_destination = 'stderr'
                    logging_collector = off
                    log_line_prefix = '%%m [%%p] %%u@%%d %%x '
                    log_timezone = 'UTC'
                    timezone = 'UTC'
                    # Values may be personal; a failing statement is logged without them.
                    log_parameter_max_length = 0
                    log_parameter_max_length_on_error = 0
                    log_error_verbosity = terse
                    """.formatted(HOST, port));
        } catch (IOException e) {
            throw new PartFailure("PostgreSQL's settings could not be written: " + e.getMessage(), e);
        }
    }

    /// After a kill the lock file stays, and its process id may by now belong to somebody else.
    private void removeStaleLock() {
        var lock = data.resolve("postmaster.pid");
        try {
            if (!Files.exists(lock)) {
                return;
            }
            var pid = Long.parseLong(Files.readAllLines(lock).getFirst().strip());
            var process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
            if (process.isEmpty() || !ownsData(pid)) {
                Files.delete(lock);
            } else {
                // A postmaster of ours whose pid file was lost: end it as a crash would, its WAL brings all back.
                process.get().destroyForcibly();
                process.get().onExit().join();
                Files.deleteIfExists(lock);
            }
        } catch (IOException | NumberFormatException e) {
            throw new PartFailure("PostgreSQL's lock file " + lock + " could not be read: " + e.getMessage(), e);
        }
    }

    private boolean ownsData(long pid) {
        try {
            return Path.of("/proc/" + pid + "/cwd").toRealPath().equals(data.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void awaitReady(Duration limit) {
        daemon.awaitReady(limit, () -> {
            try (var connection = superuser("postgres").getConnection()) {
                return connection.isValid(1);
            }
        });
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    /// SIGINT is PostgreSQL's fast shutdown: sessions are ended, a checkpoint is written.
    @Override
    public void stop() {
        daemon.stop("INT", Duration.ofSeconds(30));
    }

    /// As a crash of the machine would.
    public void kill() {
        daemon.stop("KILL", Duration.ofSeconds(10));
    }

    public String url(String database) {
        return server().url(database);
    }

    public DataSource superuser(String database) {
        return server().superuser(database);
    }

    /// With the password that the provisioner gave the role.
    public DataSource as(String database, String role) {
        return server().as(database, role);
    }

    public PostgresServer server() {
        return new PostgresServer(new Address(HOST, port), secrets);
    }

    /// A replication connection of the physical kind, for `backup_wire`.
    public Connection replication(String role) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", secrets.password(role));
        properties.setProperty("replication", "true");
        properties.setProperty("assumeMinServerVersion", "17");
        properties.setProperty("preferQueryMode", "simple");
        return DriverManager.getConnection(url(""), properties);
    }

    private String superuserPassword() {
        return secrets.password(PostgresServer.SUPERUSER);
    }
}
