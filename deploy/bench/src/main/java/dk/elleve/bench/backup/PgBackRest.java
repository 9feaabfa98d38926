package dk.elleve.bench.backup;

import dk.elleve.kit.blob.AzureBlobStore;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// A pgBackRest, set up for speed as its manual says: bundles, block incremental, two processes, asynchronous WAL,
/// zstd of the level that we use, and its only cipher.
final class PgBackRest implements Product {

    /// Older ones speak only TLS to a blob storage.
    private static final int OLDEST_MINOR = 58;

    private static final String NAME = "pgbackrest";
    private static final String STANZA = "bench";
    private static final Pattern VERSION = Pattern.compile("pgBackRest 2\\.(\\d+).*", Pattern.DOTALL);
    private static final Pattern TIMES = Pattern.compile("(\\d+)m([0-9.]+)s (\\d+)m([0-9.]+)s");
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Source source;
    private final Path program;
    private final Path config;
    private volatile Duration commands = Duration.ZERO;

    private PgBackRest(Source source, Path program, Path config) {
        this.source = source;
        this.program = program;
        this.config = config;
    }

    /// The program, or in words why there is none to compare with.
    record Found(Optional<Path> program, String words) {}

    static Found find() throws IOException, InterruptedException {
        var there = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder).resolve(NAME))
                .filter(Files::isExecutable)
                .findFirst();
        if (there.isEmpty()) {
            return new Found(Optional.empty(), "no pgbackrest on the path: measured without a peer");
        }
        var said = output(new ProcessBuilder(there.get().toString(), "version")).strip();
        var version = VERSION.matcher(said);
        if (!version.matches() || Integer.parseInt(version.group(1)) < OLDEST_MINOR) {
            return new Found(
                    Optional.empty(),
                    there.get() + " is '" + said + "', but 2." + OLDEST_MINOR
                            + " is the first that can be compared: measured without a peer");
        }
        return new Found(there.map(Path::toAbsolutePath), "the peer is " + said);
    }

    /// @param folder for its settings and its spool
    /// @param blobStorage connection string of the blob storage
    /// @param container of the blob storage; empty
    static PgBackRest setUp(Source source, Path program, Path folder, String blobStorage, String container)
            throws Exception {
        Files.createDirectories(folder);
        for (var each : List.of("spool", "lock")) {
            // The server's user writes there, too.
            Files.createDirectories(folder.resolve(each));
            Files.setPosixFilePermissions(folder.resolve(each), PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        var blobs = new AzureBlobStore(blobStorage);
        blobs.put(container, "made", new byte[0]);
        blobs.delete(container, "made");
        var config = folder.resolve("pgbackrest.conf");
        Files.writeString(config, settings(source, folder, blobStorage, container));
        var peer = new PgBackRest(source, program, config);
        peer.run("stanza-create");
        return peer;
    }

    private static String settings(Source source, Path folder, String blobStorage, String container) {
        var endpoint = URI.create(part(blobStorage, "BlobEndpoint"));
        return """
                [global]
                repo1-type=azure
                repo1-azure-account=%s
                repo1-azure-key=%s
                repo1-azure-container=%s
                repo1-azure-uri-style=path
                repo1-storage-host=%s://%s
                repo1-storage-port=%d
                repo1-path=/repo
                repo1-cipher-type=aes-256-cbc
                repo1-cipher-pass=measured
                repo1-bundle=y
                repo1-block=y
                repo1-retention-full=1000
                compress-type=zst
                compress-level=1
                process-max=2
                start-fast=y
                archive-async=y
                spool-path=%s
                lock-path=%s
                log-level-console=warn
                log-level-file=off
                allow-root=y

                [%s]
                pg1-path=%s
                pg1-port=%d
                pg1-socket-path=%s
                pg1-user=%s
                """.formatted(
                        part(blobStorage, "AccountName"),
                        part(blobStorage, "AccountKey"),
                        container,
                        endpoint.getScheme(),
                        endpoint.getHost(),
                        endpoint.getPort(),
                        folder.resolve("spool"),
                        folder.resolve("lock"),
                        STANZA,
                        source.data(),
                        source.port(),
                        source.sockets(),
                        Source.SUPERUSER);
    }

    private static String part(String connectionString, String name) {
        return Arrays.stream(connectionString.split(";"))
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The connection string lacks " + name));
    }

    @Override
    public void attend(Source.End until) throws Exception {
        source.set("archive_command", command("archive-push") + " %p");
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (source.value("SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver")
                        .compareTo(until.segment())
                < 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("pgBackRest did not archive " + until);
            }
            // The server tells nobody when its archiver is done, so it is asked: often enough for the
            // measurement, seldom enough not to slow what is measured.
            Thread.sleep(5);
        }
    }

    private String command(String name) {
        return program + " --config=" + config + " --stanza=" + STANZA + " " + name;
    }

    @Override
    public void leave() throws SQLException {
        source.set("archive_command", "");
    }

    @Override
    public Taken full() throws Exception {
        return backup("full");
    }

    @Override
    public Taken incremental() throws Exception {
        return backup("diff");
    }

    private Taken backup(String type) throws Exception {
        run("backup", "--type=" + type);
        var info = JSON.readTree(output(builder(
                List.of(program.toString(), "--config=" + config, "--stanza=" + STANZA, "--output=json", "info"))));
        var backups = info.get(0).get("backup");
        var newest = backups.get(backups.size() - 1).get("info");
        return new Taken(
                newest.get("size").asLong(),
                newest.get("repository").get("delta").asLong());
    }

    @Override
    public void restore(Path folder, int port) throws Exception {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        run("restore", "--pg1-path=" + folder);
        Files.writeString(folder.resolve("postgresql.auto.conf"), """
                port = %d
                unix_socket_directories = ''
                archive_mode = 'off'
                hot_standby = 'off'
                recovery_target_action = 'promote'
                """.formatted(port), StandardOpenOption.APPEND);
    }

    @Override
    public void verify() throws Exception {
        run("verify");
    }

    /// Runs a command and remembers what it and all its processes have used.
    private void run(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "\"$0\" \"$@\"; status=$?; times; exit $status",
                program.toString(),
                "--config=" + config,
                "--stanza=" + STANZA));
        command.addAll(List.of(words));
        var said = output(builder(command));
        var times = TIMES.matcher(said.strip().lines().reduce("", (one, other) -> other));
        if (!times.matches()) {
            throw new IllegalStateException("The shell did not say how long pgBackRest took: " + said);
        }
        commands = commands.plus(time(times.group(1), times.group(2))).plus(time(times.group(3), times.group(4)));
    }

    private static Duration time(String minutes, String seconds) {
        return Duration.ofMinutes(Long.parseLong(minutes)).plusNanos((long) (Double.parseDouble(seconds) * 1e9));
    }

    private ProcessBuilder builder(List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().put("PGPASSWORD", source.password(Source.SUPERUSER));
        return builder;
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        var process = builder.redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "'" + String.join(" ", builder.command()) + "' ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }

    /// Processes of `archive_command` are the server's children, except for the one that stays and ships; so they are
    /// looked at while they live.
    @Override
    public <T> Measured<T> measure(Work<T> work) throws Exception {
        try (var watch = new Watch(NAME)) {
            commands = Duration.ZERO;
            var server = source.processor();
            var start = System.nanoTime();
            var result = work.run();
            var took = Duration.ofNanos(System.nanoTime() - start);
            return new Measured<>(
                    result,
                    took,
                    commands.isZero() ? watch.used() : commands,
                    source.processor().minus(server),
                    watch.memory());
        }
    }

    @Override
    public void close() throws SQLException {
        leave();
    }
}
