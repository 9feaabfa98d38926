package dk.elleve.local;

import dk.elleve.kit.test.part.AzuritePart;
import dk.elleve.kit.test.part.Jvm;
import dk.elleve.kit.test.part.Parts;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.PostgresPart;
import dk.elleve.kit.test.part.PostgresServer;
import dk.elleve.kit.test.part.Secrets;
import dk.elleve.kit.test.part.Service;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/// The engine of backup-service against the pgBackRest on the path, with a server and a blob storage of their own: the
/// running platform is not touched, and need not run.
final class BackupBench implements Bench.Benchmark {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REPLICATION = "backup_wire";

    private static final Map<String, String> DEFAULTS = Map.of(
            "--scale",
            "20",
            "--filler",
            "blank",
            "--sizes",
            "",
            "--rounds",
            "3",
            "--only",
            "incremental,restore,wal,verify,lag");

    private final Map<String, String> options;

    BackupBench() {
        this(Map.of());
    }

    private BackupBench(Map<String, String> options) {
        this.options = options;
    }

    @Override
    public String about() {
        return "backups against pgBackRest: full, incremental, restore, WAL catch-up, reading all again; and lag";
    }

    @Override
    public Bench.Benchmark with(Map<String, String> given) {
        for (var name : given.keySet()) {
            if (!DEFAULTS.containsKey(name)) {
                throw new Refusal(
                        "bench backup does not know " + name + "; ./elleve bench --help shows what it knows.");
            }
        }
        require(given, "--scale", "[1-9][0-9]{0,4}", "a number such as 130");
        require(given, "--rounds", "[1-9][0-9]?", "a number such as 3");
        require(given, "--filler", "blank|random", "blank or random");
        require(given, "--sizes", "[0-9.]+(,[0-9.]+)*", "gigabytes such as 0.5,2,8");
        var parts = "(incremental|restore|wal|verify|lag)";
        require(given, "--only", parts + "(," + parts + ")*", "some of " + DEFAULTS.get("--only"));
        return new BackupBench(Map.copyOf(given));
    }

    private static void require(Map<String, String> given, String name, String form, String words) {
        var value = given.get(name);
        if (value != null && !value.matches(form)) {
            throw new Refusal(name + " wants " + words + ", not '" + value + "'.");
        }
    }

    private String option(String name) {
        return options.getOrDefault(name, DEFAULTS.getOrDefault(name, ""));
    }

    @Override
    public List<Bench.Measure> run(Installation installation, Screen progress) throws Exception {
        var folder = installation.place().root().resolve("bench").resolve("backup");
        // Of a run that was broken off.
        Folders.remove(folder);
        Files.createDirectories(folder);
        var sockets = Files.createTempDirectory("elleve");
        var parts = Parts.standard();
        var place = new Place(folder);
        var secrets = Secrets.inMemory();
        var postgres = new PostgresPart(parts, place, Ports.free(), secrets);
        var azurite = new AzuritePart(parts, place, Ports.free());
        // Their processes outlive ours, however ours ends.
        Runnable end = () -> {
            postgres.kill();
            azurite.stop();
        };
        var stop = new Thread(end);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            azurite.install();
            azurite.start();
            start(postgres, secrets, sockets);
            azurite.awaitReady(PATIENCE);
            var log = installation.place().log("bench");
            return Measuring.run(
                    command(installation), given(postgres, azurite, secrets, sockets, folder), log, progress, () -> {});
        } finally {
            end.run();
            Runtime.getRuntime().removeShutdownHook(stop);
            Folders.remove(folder);
            Folders.remove(sockets);
        }
    }

    /// pgBackRest enters by a local socket, and wants to be the one that archives.
    private static void start(PostgresPart postgres, Secrets secrets, Path sockets) throws IOException, SQLException {
        postgres.install();
        postgres.start();
        postgres.awaitReady(PATIENCE);
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
        sql(
                postgres,
                "CREATE ROLE " + REPLICATION + " LOGIN REPLICATION PASSWORD '" + secrets.password(REPLICATION) + "'",
                "ALTER SYSTEM SET unix_socket_directories = '" + sockets + "'",
                "ALTER SYSTEM SET archive_mode = 'on'",
                "ALTER SYSTEM SET archive_command = 'true'",
                // What waits for one while the other works must not be thrown away.
                "ALTER SYSTEM SET max_slot_wal_keep_size = -1",
                "ALTER SYSTEM SET max_wal_size = '4GB'");
        Files.writeString(
                postgres.dataFolder().resolve("pg_hba.conf"),
                "local all " + PostgresServer.SUPERUSER + " scram-sha-256\n",
                StandardOpenOption.APPEND);
        postgres.stop();
        postgres.start();
        postgres.awaitReady(PATIENCE);
    }

    private static void sql(PostgresPart postgres, String... statements) throws SQLException {
        try (var connection = postgres.superuser("postgres").getConnection();
                var statement = connection.createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
        }
    }

    /// As the service is started.
    private static List<String> command(Installation installation) {
        var jar = Measuring.jar(installation);
        var command = new ArrayList<>(List.of(Jvm.program()));
        command.addAll(ServicePart.compiling(Service.BACKUP));
        command.addAll(List.of(
                "-Xms48m",
                "-Xmx320m",
                "-XX:+UseSerialGC",
                "-Xss512k",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                jar + File.pathSeparator + installation.service(Service.BACKUP).program(),
                "dk.elleve.bench.backup.BackupBench"));
        return command;
    }

    private String given(PostgresPart postgres, AzuritePart azurite, Secrets secrets, Path sockets, Path folder)
            throws IOException, SQLException {
        var given = new Properties();
        given.setProperty("database.port", Integer.toString(postgres.port()));
        given.setProperty("database.data", postgres.dataFolder().toString());
        given.setProperty("database.programs", postgres.programs().toString());
        given.setProperty("database.sockets", sockets.toString());
        given.setProperty(
                "database.process",
                Files.readAllLines(postgres.dataFolder().resolve("postmaster.pid"))
                        .getFirst());
        for (var role : Set.of(PostgresServer.SUPERUSER, REPLICATION)) {
            given.setProperty("password." + role, secrets.password(role));
        }
        given.setProperty("blob", azurite.connectionString());
        given.setProperty("folder", folder.resolve("work").toString());
        for (var name : DEFAULTS.keySet()) {
            given.setProperty(name.substring(2), option(name));
        }
        try (var text = new StringWriter()) {
            given.store(text, null);
            return text.toString();
        }
    }
}
