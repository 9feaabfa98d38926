package dk.elleve.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.FaultyVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.FolderVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.kit.test.Rig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything a restore must not do.
class RefusalTest {

    private static final MemoryVault GOOD = new MemoryVault();
    private static Manifest manifest;
    private static String root;
    private static Instant shippedAt;

    private final MemoryVault vault = GOOD.copy();

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database("refusals");
        try (var wal = BackupRig.shipper(GOOD, "refusal_test")) {
            wal.start();
            manifest = BackupRig.backup(GOOD, wal);
            for (var i = 0; i < 3; i++) {
                BackupRig.sql(
                        "refusals",
                        "CREATE TABLE t" + i + " AS SELECT generate_series(1, 1000)",
                        "SELECT pg_switch_wal()");
            }
            BackupRig.shipAll(wal);
            shippedAt = Instant.now();
        }
        BackupRig.dropSlot("refusal_test");
        root = "clusters/" + manifest.systemId() + "/";
    }

    @AfterAll
    static void forget() throws Exception {
        GOOD.clear();
        BackupRig.forget("refusals");
    }

    @Test
    void a_flipped_byte_is_named_and_leaves_nothing_that_starts() throws Exception {
        var pack = packs().get(1);
        var bytes = vault.get(root + pack).orElseThrow();
        bytes[bytes.length / 2] ^= 1;
        vault.overwrite(root + pack, bytes);

        assertDamaged(pack);
    }

    @Test
    void a_pack_that_is_cut_off_is_named_and_leaves_nothing_that_starts() throws Exception {
        var pack = packs().get(1);
        var bytes = vault.get(root + pack).orElseThrow();
        vault.overwrite(root + pack, Arrays.copyOf(bytes, bytes.length / 2));

        assertDamaged(pack);
    }

    @Test
    void two_segments_of_wal_that_changed_places_are_named() throws Exception {
        var sealed = vault.list(root + "wal/").stream()
                .filter(name -> name.endsWith("sealed"))
                .toList();
        var one = sealed.get(sealed.size() - 2);
        vault.overwrite(one, GOOD.get(sealed.getLast()).orElseThrow());
        vault.overwrite(sealed.getLast(), GOOD.get(one).orElseThrow());

        assertDamaged(one.substring(root.length()));
    }

    @Test
    void two_packs_that_changed_places_are_named() throws Exception {
        var one = packs().get(0);
        var two = packs().get(1);
        vault.overwrite(root + one, GOOD.get(root + two).orElseThrow());
        vault.overwrite(root + two, GOOD.get(root + one).orElseThrow());

        assertDamaged(one);
    }

    @Test
    void a_flipped_byte_in_the_wal_is_named_and_leaves_nothing_that_starts() throws Exception {
        var sealed = vault.list(root + "wal/").stream()
                .filter(name -> name.endsWith("sealed"))
                .toList()
                .getLast();
        var bytes = vault.get(sealed).orElseThrow();
        bytes[bytes.length - 1] ^= 1;
        vault.overwrite(sealed, bytes);

        assertDamaged(sealed.substring(root.length()));
    }

    @Test
    void a_flipped_byte_in_the_manifest_is_named() {
        var name = root + "base/" + manifest.id() + "/manifest";
        var bytes = vault.get(name).orElseThrow();
        bytes[bytes.length - 5] ^= 1;
        vault.overwrite(name, bytes);

        assertThatThrownBy(() -> restorer().plan(new RestoreTarget.Latest()))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.DAMAGED))
                .hasMessageContaining("manifest");
    }

    @Test
    void a_missing_pack_is_named_before_anything_is_touched() {
        vault.delete(root + packs().getLast());

        assertThatThrownBy(() -> restorer().plan(new RestoreTarget.Latest()))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.MISSING))
                .hasMessageContaining(packs().getLast());
    }

    @Test
    void a_wrong_key_is_named_before_anything_is_touched() {
        assertThatThrownBy(() -> Restorer.open(vault, BackupRig.OTHER_KEY, null))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.WRONG_KEY));
    }

    @Test
    void another_cluster_is_named() {
        assertThatThrownBy(() -> Restorer.open(vault, BackupRig.KEY, "42"))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOREIGN_CLUSTER));
    }

    @Test
    void a_hole_in_the_wal_is_not_crossed() {
        var sealed = vault.list(root + "wal/").stream()
                .filter(name -> name.endsWith("sealed"))
                .toList();
        vault.delete(sealed.get(sealed.size() - 2));

        assertThatThrownBy(() -> restorer().plan(new RestoreTarget.Latest()))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.WAL_GAP));
    }

    @Test
    void a_time_behind_a_hole_is_refused() throws Exception {
        var sealed = vault.list(root + "wal/").stream()
                .filter(name -> name.endsWith("sealed"))
                .toList();
        vault.delete(sealed.get(sealed.size() - 2));
        var folder = BackupRig.folder();
        var plan = restorer().plan(new RestoreTarget.AtTime(shippedAt));

        assertThatThrownBy(() -> restorer().restore(plan, new Landing(folder, 5433), RestoreProgress.NONE))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.WAL_GAP));
        assertThat(folder.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void moments_outside_the_vault_are_refused() throws Exception {
        var early = manifest.startedAt().minus(Duration.ofHours(1));
        assertThatThrownBy(() -> restorer().plan(new RestoreTarget.AtTime(early)))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.NO_BACKUP));
        assertThatThrownBy(() -> restorer().plan(new RestoreTarget.AtLsn(Lsn.parse("FFFF/0"))))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.NOT_IN_VAULT));

        var future = restorer().plan(new RestoreTarget.AtTime(shippedAt.plus(Duration.ofHours(1))));
        var folder = BackupRig.folder();
        assertThatThrownBy(() -> restorer().restore(future, new Landing(folder, 5433), RestoreProgress.NONE))
                .isInstanceOfSatisfying(
                        RestoreException.class, e -> assertThat(e.problem()).isEqualTo(RestoreProblem.NOT_IN_VAULT));
        assertThat(folder.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void a_folder_that_is_not_empty_stays_as_it_is() throws Exception {
        var folder = BackupRig.folder();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("mine"), "precious");
        var plan = restorer().plan(new RestoreTarget.Latest());

        assertThatThrownBy(() -> restorer().restore(plan, new Landing(folder, 5433), RestoreProgress.NONE))
                .isInstanceOfSatisfying(
                        RestoreException.class,
                        e -> assertThat(e.problem()).isEqualTo(RestoreProblem.FOLDER_NOT_EMPTY));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("mine"));
        }
    }

    @Test
    void a_restore_that_was_cut_off_cannot_be_started_and_goes_on_when_asked_again() throws Exception {
        var away = new FaultyVault(vault);
        var restorer = Restorer.open(away, BackupRig.KEY, null);
        var plan = restorer.plan(new RestoreTarget.Latest());
        var folder = BackupRig.folder();

        assertThatThrownBy(() ->
                        restorer.restore(plan, new Landing(folder, 5433), (phase, done, total) -> away.away(true)))
                .isInstanceOf(VaultException.class);

        assertThat(folder.resolve("global/pg_control")).doesNotExist();
        assertThat(folder.resolve(Ground.UNFINISHED)).exists();
        restorer().restore(plan, new Landing(folder, 5433), RestoreProgress.NONE);
        assertThat(folder.resolve("global/pg_control")).exists();
        assertThat(folder.resolve(Ground.UNFINISHED)).doesNotExist();
    }

    @Test
    void the_program_previews_without_touching_anything(@TempDir Path home) throws Exception {
        var settings = settings(home);
        var target = BackupRig.folder();

        var said = run(0, "--latest", "--to", target.toString(), "--settings", settings.toString(), "--preview");

        assertThat(said)
                .contains(manifest.id())
                .contains("gaps        none")
                .contains("expected    about")
                .contains(manifest.systemId());
        assertThat(target).doesNotExist();
    }

    @Test
    void the_program_tells_how_it_is_called_and_what_is_wrong(@TempDir Path home) throws Exception {
        var settings = settings(home);

        assertThat(run(0, "--help")).contains("--at TIME");
        assertThat(run(2, "--to", "x", "--settings", settings.toString())).contains("--at TIME, --lsn LSN or --latest");
        assertThat(run(2, "--latest", "--at", "2026-11-24T17:05:00Z", "--to", "x", "--settings", settings.toString()))
                .contains("exclude each other");
        assertThat(run(2, "--at", "yesterday", "--to", "x", "--settings", settings.toString()))
                .contains("'yesterday' is no time");
        assertThat(run(
                        2,
                        "--latest",
                        "--to",
                        "x",
                        "--settings",
                        home.resolve("none").toString()))
                .contains("cannot be read");
        Files.writeString(home.resolve("key"), "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=");
        assertThat(run(1, "--latest", "--to", home.resolve("x").toString(), "--settings", settings.toString()))
                .contains("vault.wrong-key");
        assertThat(home.resolve("x")).doesNotExist();
    }

    @Test
    void the_program_restores_and_starts(@TempDir Path home) throws Exception {
        var settings = settings(home);
        var target = BackupRig.folder();
        var programs = Rig.postgresPrograms();
        try {
            var said = run(
                    0,
                    "--latest",
                    "--to",
                    target.toString(),
                    "--settings",
                    settings.toString(),
                    "--start",
                    "--programs",
                    programs.toString());

            assertThat(said).contains("everything verified").containsPattern("listening   127\\.0\\.0\\.1:\\d+");
        } finally {
            RestoredServer.stop(programs, target);
        }
    }

    private Path settings(Path home) throws IOException {
        var folder = new FolderVault(home.resolve("vault"));
        for (var name : vault.list("")) {
            folder.putIfAbsent(name, vault.get(name).orElseThrow());
        }
        Files.writeString(home.resolve("key"), "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
        return Files.writeString(home.resolve("restore.properties"), """
                elleve.backup.vault-folder=vault
                elleve.master-key-file=key
                """);
    }

    private static String run(int expected, String... arguments) {
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);

        var code = new RestoreMain(out, out, false, Clock.systemUTC()).run(List.of(arguments));

        var text = said.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(expected);
        return text;
    }

    private Restorer restorer() {
        return Restorer.open(vault, BackupRig.KEY, null);
    }

    private static List<String> packs() {
        return manifest.packs().stream()
                .map(pack -> Backups.packName(manifest.id(), pack.number()))
                .toList();
    }

    private void assertDamaged(String name) throws Exception {
        var folder = BackupRig.folder();
        var plan = restorer().plan(new RestoreTarget.Latest());
        assertThatThrownBy(() -> restorer().restore(plan, new Landing(folder, 5433), RestoreProgress.NONE))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.DAMAGED))
                .hasMessageContaining("'" + name + "'");
        assertThat(folder.resolve("global/pg_control")).doesNotExist();
    }
}
