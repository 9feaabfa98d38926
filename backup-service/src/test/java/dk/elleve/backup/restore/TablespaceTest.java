package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.OwnCluster;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalEvents;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import dk.elleve.kit.test.Rig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where tablespaces come back.
class TablespaceTest {

    private static final MemoryVault VAULT = new MemoryVault();
    private static final String CONTENT =
            "SELECT count(*) || ' ' || sum(n) || ' ' || md5(string_agg(pad, '' ORDER BY n))"
                    + " FROM far JOIN further USING (n) JOIN latest USING (n)";
    private static OwnCluster cluster;
    private static WalShipper wal;
    private static Manifest manifest;
    private static Path source;
    private static String far;
    private static String further;
    private static String content;

    private final Path folder = BackupRig.folder();
    private final Path space = folder.resolveSibling("space");

    TablespaceTest() throws IOException {}

    @BeforeAll
    static void backUp() throws Exception {
        cluster = new OwnCluster();
        source = cluster.dataFolder().resolveSibling("far").toAbsolutePath().normalize();
        tablespace("far");
        tablespace("further");
        cluster.sql(
                "CREATE TABLE far TABLESPACE far AS SELECT n, md5(n::text) AS pad FROM generate_series(1, 40000) n",
                "CREATE TABLE further TABLESPACE further AS SELECT n FROM generate_series(1, 40000) n");
        far = cluster.value("SELECT oid FROM pg_tablespace WHERE spcname = 'far'");
        further = cluster.value("SELECT oid FROM pg_tablespace WHERE spcname = 'further'");
        wal = new WalShipper(
                cluster.server(),
                clusterVault(VAULT),
                BackupRig.settings("tablespaces"),
                WalEvents.NONE,
                Clock.systemUTC());
        wal.start();
        backup(Manifest.FULL);
        cluster.sql("UPDATE far SET pad = 'changed' WHERE n < 50");
        manifest = backup(Manifest.INCREMENTAL);
        // One more tablespace that no backup has seen, only the log.
        tablespace("latest");
        cluster.sql(
                "CREATE TABLE latest TABLESPACE latest AS SELECT n FROM generate_series(1, 30000) n",
                "UPDATE far SET pad = 'changed later' WHERE n BETWEEN 100 AND 120",
                "CHECKPOINT");
        assertThat(wal.awaitShipped(Lsn.parse(cluster.value("SELECT pg_current_wal_flush_lsn()")), BackupRig.PATIENCE))
                .isTrue();
        content = cluster.value(CONTENT);
    }

    @AfterAll
    static void stop() {
        wal.close();
        cluster.close();
        VAULT.clear();
    }

    @Test
    void a_tablespace_comes_back_in_the_folder_it_is_given_and_all_others_below_the_data_folder() throws Exception {
        var restored = restore(VAULT, false, Map.of(far, space));

        assertThat(Files.readSymbolicLink(folder.resolve("pg_tblspc/" + far))).isEqualTo(space.toRealPath());
        assertThat(folder.resolve("pg_tblspc/" + further)).isDirectory();
        assertThat(folder.resolve("tablespace_map")).doesNotExist();
        try (var server = start(restored);
                var connection = connect(server)) {
            assertThat(value(connection, CONTENT)).isEqualTo(content);
            assertThat(location(connection, "far")).isEqualTo(space.toRealPath().toString());
            assertThat(location(connection, "further")).isEqualTo("pg_tblspc/" + further);
            assertThat(space.resolve(value(connection, "SELECT pg_relation_filepath('far')")
                            .replaceFirst("pg_tblspc/\\d+/", "")))
                    .isRegularFile();
        }
    }

    @Test
    void a_tablespace_may_be_named_by_its_folder_on_the_source() throws Exception {
        var restored = restore(VAULT, false, Map.of(source + "/", space));

        try (var server = start(restored);
                var connection = connect(server)) {
            assertThat(location(connection, "far")).isEqualTo(space.toRealPath().toString());
            assertThat(value(connection, CONTENT)).isEqualTo(content);
        }
    }

    /// Its making is in the log with the folder it had on the source, which is there and in use.
    @Test
    void a_tablespace_made_after_the_backup_comes_back_below_the_data_folder_and_the_sources_own_is_not_touched()
            throws Exception {
        var there = cluster.dataFolder()
                .resolve(cluster.value("SELECT pg_relation_filepath('latest')"))
                .toRealPath();
        var before = Files.readAllBytes(there);

        try (var server = start(restore(VAULT, false, Map.of(far, space)));
                var connection = connect(server);
                var statement = connection.createStatement()) {
            assertThat(location(connection, "latest")).startsWith("pg_tblspc/");
            assertThat(value(connection, CONTENT)).isEqualTo(content);
            statement.execute("UPDATE latest SET n = -n");
            statement.execute("CHECKPOINT");
        }

        assertThat(Files.readAllBytes(there)).isEqualTo(before);
        assertThat(cluster.value(CONTENT)).isEqualTo(content);
    }

    @Test
    void a_delta_restore_keeps_what_is_right_of_a_tablespace_and_removes_what_is_not_of_it() throws Exception {
        var chosen = Map.of(far, space);
        String table;
        try (var server = start(restore(VAULT, false, chosen));
                var connection = connect(server);
                var statement = connection.createStatement()) {
            statement.execute("DELETE FROM far WHERE n > 39000");
            statement.execute("CHECKPOINT");
            table = value(connection, "SELECT pg_relation_filepath('far')");
        }
        Files.deleteIfExists(folder.resolve("postmaster.pid"));
        try (var file = new RandomAccessFile(folder.resolve(table).toFile(), "rw")) {
            file.seek(20_000);
            file.write(77);
        }
        var stray = folder.resolve(table).resolveSibling("stray");
        Files.writeString(stray, "?");
        var ofOthers = Files.createDirectories(space.resolve("PG_14_202107181")).resolve("kept");
        Files.writeString(ofOthers, "of an older server");
        var theirs = Files.createDirectories(space.resolveSibling("theirs"));
        Files.createSymbolicLink(ofOthers.resolveSibling("link"), theirs);
        var owner = Files.getOwner(theirs);
        var fetched = new AtomicLong();

        var restored = restore(VAULT, true, chosen, (phase, done, total) -> {
            if (phase.startsWith("fetching 2")) {
                fetched.set(total);
            }
        });

        assertThat(stray).doesNotExist();
        assertThat(ofOthers).hasContent("of an older server");
        assertThat(Files.getOwner(theirs)).isEqualTo(owner);
        assertThat(fetched.get()).isPositive().isLessThan(manifest.bytes() / 4);
        try (var server = start(restored);
                var connection = connect(server)) {
            assertThat(value(connection, CONTENT)).isEqualTo(content);
        }
    }

    @Test
    void a_delta_restore_moves_a_tablespace_out_of_the_data_folder_and_on_to_another_folder() throws Exception {
        restore(VAULT, false, Map.of());
        restore(VAULT, true, Map.of(far, space));
        var other = space.resolveSibling("other space");
        var before = files(space);

        var restored = restore(VAULT, true, Map.of(far, other));

        assertThat(files(space)).isEqualTo(before);
        try (var server = start(restored);
                var connection = connect(server)) {
            assertThat(location(connection, "far")).isEqualTo(other.toRealPath().toString());
            assertThat(value(connection, CONTENT)).isEqualTo(content);
        }
    }

    @Test
    void a_restore_that_was_broken_off_goes_on_with_its_tablespaces() throws Exception {
        var away = new FaultyVault(VAULT);
        var chosen = Map.of(far, space, further, space.resolveSibling("further"));
        assertThatThrownBy(() -> restore(away, false, chosen, (phase, done, total) -> away.away(true)))
                .isInstanceOf(VaultException.class);
        assertThat(folder.resolve(Ground.CONTROL_FILE)).doesNotExist();
        assertThat(space).isNotEmptyDirectory();

        var restored = restore(VAULT, false, chosen);

        try (var server = start(restored);
                var connection = connect(server)) {
            assertThat(value(connection, CONTENT)).isEqualTo(content);
        }
    }

    @Test
    void what_cannot_be_the_folder_of_a_tablespace_is_refused_before_anything_is_touched() throws Exception {
        assertRefused(Map.of("4711", space), RestoreProblem.TABLESPACE, "no tablespace '4711'", far, source.toString());
        assertRefused(Map.of(far, Path.of("space")), RestoreProblem.TABLESPACE, "absolute");
        assertRefused(Map.of(far, folder.resolve("inside")), RestoreProblem.TABLESPACE, "apart from the data folder");
        assertRefused(Map.of(far, folder.getParent()), RestoreProblem.TABLESPACE, "apart from the data folder");
        assertRefused(Map.of(far, space, further, space), RestoreProblem.TABLESPACE, "where tablespace ");
        assertRefused(Map.of(far, space, further, space.resolve("x")), RestoreProblem.TABLESPACE, "where tablespace ");
        var twice = new LinkedHashMap<String, Path>();
        twice.put(far, space);
        twice.put(source.toString(), space.resolveSibling("other"));
        assertRefused(twice, RestoreProblem.TABLESPACE, "two folders");
        assertThat(space).doesNotExist();

        Files.createDirectories(space);
        Files.writeString(space.resolve("holiday.jpg"), "beach");
        assertRefused(Map.of(far, space), RestoreProblem.FOLDER_NOT_EMPTY, space.toString());
        assertRefused(Map.of(far, space.resolve("holiday.jpg")), RestoreProblem.FOLDER_NOT_EMPTY, "no folder");
        var link = Files.createSymbolicLink(space.resolveSibling("link"), space);
        assertRefused(Map.of(far, link), RestoreProblem.FOLDER_NOT_EMPTY, space.toString());
        assertRefused(Map.of(far, source), RestoreProblem.FOLDER_NOT_EMPTY, source.toString());
        assertThat(space.resolve("holiday.jpg")).hasContent("beach");
    }

    @Test
    void the_folder_of_a_tablespace_is_not_written_to_again_unless_it_is_named_again() throws Exception {
        restore(VAULT, false, Map.of(far, space));

        assertThatThrownBy(() -> restore(VAULT, true, Map.of()))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOLDER_NOT_EMPTY))
                .hasMessageContaining("--tablespace " + far + "=DIR");
        assertThat(folder.resolve(Ground.CONTROL_FILE)).exists();
    }

    @Test
    void each_file_system_must_have_room_for_what_comes_to_it() throws Exception {
        var disk = Files.createDirectories(folder.resolveSibling("disk"));
        assumeTrue(
                new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m,mode=755", "tmpfs", disk.toString())
                                .start()
                                .waitFor()
                        == 0,
                "a small disk can be made by root only");
        try {
            assertRefused(Map.of(far, disk.resolve("space")), RestoreProblem.NO_SPACE, disk.toString());
            assertThat(disk).isEmptyDirectory();
        } finally {
            new ProcessBuilder("umount", "--lazy", disk.toString()).start().waitFor();
        }
    }

    @Test
    void the_program_shows_where_each_tablespace_goes_and_takes_it_there(@TempDir Path home) throws Exception {
        var vault = new FolderVault(home.resolve("vault"));
        for (var name : VAULT.list("")) {
            vault.putIfAbsent(name, VAULT.get(name).orElseThrow());
        }
        Files.writeString(home.resolve("key"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
        var settings = Files.writeString(home.resolve("restore.properties"), """
                elleve.backup.vault-folder=vault
                elleve.master-key-file=key
                """);
        String[] call = {"--latest", "--to", folder.toString(), "--settings", settings.toString()};

        assertThat(run(0, call, "--preview", "--tablespace", far + "=" + space))
                .contains("tablespace  " + far + ", on the source " + source + ", goes to " + space)
                .contains("tablespace  " + further)
                .contains("goes below the data folder");
        assertThat(space).doesNotExist();
        assertThat(run(2, call, "--tablespace", far)).contains("OID=DIR");
        assertThat(run(2, call, "--tablespace", far + "=space")).contains("an absolute path");
        assertThat(run(2, call, "--tablespace", far + "=" + space, "--tablespace", far + "=/elsewhere"))
                .contains("says twice");
        assertThat(run(1, call, "--preview", "--tablespace", "4711=" + space)).contains("restore.tablespace");
        assertThat(run(0, call, "--help")).contains("--tablespace OID=DIR");

        assertThat(run(0, call, "--tablespace", source + "=" + space)).contains("everything verified");
        assertThat(space).isNotEmptyDirectory();
    }

    private static String run(int expected, String[] call, String... more) {
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        var arguments = Arrays.copyOf(call, call.length + more.length);
        System.arraycopy(more, 0, arguments, call.length, more.length);

        var code = new RestoreMain(out, out, false, Clock.systemUTC()).run(List.of(arguments));

        var text = said.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(expected);
        return text;
    }

    private void assertRefused(Map<String, Path> tablespaces, RestoreProblem problem, String... words) {
        assertThatThrownBy(() -> restore(VAULT, false, tablespaces))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(problem))
                .hasMessageContainingAll(words);
        assertThat(folder).doesNotExist();
    }

    private static void tablespace(String name) throws Exception {
        var place = cluster.dataFolder().resolveSibling(name).toAbsolutePath().normalize();
        Files.createDirectory(place);
        Files.setOwner(place, Files.getOwner(cluster.dataFolder()));
        cluster.sql("CREATE TABLESPACE " + name + " LOCATION '" + place + "'");
    }

    private static ClusterVault clusterVault(Vault vault) {
        try (var wire = Wire.connect(cluster.server(), "test")) {
            return new ClusterVault(vault, BackupRig.KEY, wire.identify().systemId());
        }
    }

    private static Manifest backup(String kind) throws InterruptedException {
        var backups = new BaseBackup(
                cluster.server(), clusterVault(VAULT), wal, BackupRig.PATIENCE, 4 << 20, Clock.systemUTC());
        return backups.run(backups.newId(kind), BackupProgress.NONE);
    }

    private Landing restore(Vault vault, boolean delta, Map<String, Path> tablespaces) throws Exception {
        return restore(vault, delta, tablespaces, RestoreProgress.NONE);
    }

    private Landing restore(Vault vault, boolean delta, Map<String, Path> tablespaces, RestoreProgress progress)
            throws Exception {
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        return restorer.restore(
                        restorer.plan(new RestoreTarget.Latest()),
                        new Landing(folder, BackupRig.freePort(), delta, tablespaces),
                        progress)
                .landing();
    }

    private static RestoredServer start(Landing landing) throws InterruptedException {
        return RestoredServer.start(Rig.postgresPrograms(), landing, Duration.ofMinutes(2));
    }

    private static Connection connect(RestoredServer server) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + server.landing().port() + "/postgres",
                "postgres",
                cluster.password("postgres"));
    }

    private static String location(Connection connection, String name) throws Exception {
        return value(
                connection, "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = '" + name + "'");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}
