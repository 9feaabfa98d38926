package dk.elleve.backup.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReadingTest {

    private static final MemoryVault GOOD = new MemoryVault();
    private static Manifest full;
    private static Manifest incremental;
    private static String root;

    private final MemoryVault vault = GOOD.copy();

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database("reading");
        try (var wal = BackupRig.shipper(GOOD, "reading_test")) {
            wal.start();
            full = BackupRig.backup(GOOD, wal);
            BackupRig.sql("reading", "CREATE TABLE t AS SELECT generate_series(1, 1000)", "SELECT pg_switch_wal()");
            incremental = BackupRig.backup(GOOD, wal, Manifest.INCREMENTAL);
            BackupRig.sql("reading", "CREATE TABLE u AS SELECT generate_series(1, 1000)", "SELECT pg_switch_wal()");
            BackupRig.shipAll(wal);
        }
        BackupRig.dropSlot("reading_test");
        root = "clusters/" + full.systemId() + "/";
    }

    @AfterAll
    static void forget() throws Exception {
        GOOD.clear();
        BackupRig.forget("reading");
    }

    @Test
    void a_sound_vault_has_no_problems() throws Exception {
        assertThat(problems()).isEmpty();
        assertThat(Inventory.of(BackupRig.cluster(vault), null).orphans()).isEmpty();
    }

    @Test
    void every_object_that_is_flipped_is_named() throws Exception {
        var names = vault.list(root).stream()
                .filter(name -> !name.startsWith(root + "keys/") && !name.endsWith("/manifest"))
                .toList();
        assertThat(names).hasSizeGreaterThan(8);
        for (var name : names) {
            var bytes = vault.get(name).orElseThrow();
            bytes[bytes.length - 3] ^= 1;
            vault.overwrite(name, bytes);
        }

        var problems = problems();

        for (var name : names) {
            assertThat(problems).anyMatch(problem -> problem.startsWith(name.substring(root.length()) + ":"));
        }
    }

    @Test
    void a_manifest_that_is_flipped_is_named() throws Exception {
        var name = root + "base/" + incremental.id() + "/manifest";
        var bytes = vault.get(name).orElseThrow();
        bytes[bytes.length - 3] ^= 1;
        vault.overwrite(name, bytes);

        assertThat(problems()).anyMatch(problem -> problem.startsWith(name.substring(root.length()) + ":"));
    }

    @Test
    void an_older_writing_of_a_pack_is_named_though_it_authenticates() throws Exception {
        var name = Backups.packName(full.id(), full.packs().getFirst().number());
        var cluster = BackupRig.cluster(vault);
        var content = cluster.get(name);
        cluster.delete(name);
        cluster.putIfAbsent(full.id(), name, content);

        assertThat(problems()).singleElement().asString().contains(name, "another writing");
    }

    @Test
    void a_missing_pack_is_named_with_the_backup_that_needs_it() throws Exception {
        var name = Backups.packName(full.id(), full.packs().getLast().number());
        BackupRig.cluster(vault).delete(name);

        var inventory = Inventory.of(BackupRig.cluster(vault), null);

        assertThat(inventory.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.object()).isEqualTo(name);
            assertThat(problem.backup()).isEqualTo(full.id());
        });
    }

    @Test
    void a_full_backup_that_is_gone_is_named_by_what_stands_on_it() throws Exception {
        new Backups(BackupRig.cluster(vault)).remove(full.id());

        assertThat(problems()).anyMatch(problem -> problem.contains("base/" + full.id() + "/manifest"));
    }

    @Test
    void a_hole_in_the_wal_that_is_not_on_record_is_named() throws Exception {
        var sealed = BackupRig.cluster(vault).list("wal/").stream()
                .filter(name -> name.endsWith("sealed"))
                .toList();
        assertThat(sealed).hasSizeGreaterThan(1);
        BackupRig.cluster(vault).delete(sealed.get(sealed.size() - 2));

        assertThat(problems()).anyMatch(problem -> problem.contains("no loss of it is on record"));
    }

    @Test
    void a_lost_key_is_named() throws Exception {
        BackupRig.cluster(vault).destroyKey(incremental.id());

        assertThat(problems()).anyMatch(problem -> problem.contains("keys/" + incremental.id()));
    }

    @Test
    void what_belongs_to_nothing_is_listed() {
        BackupRig.cluster(vault)
                .putIfAbsent(full.id(), "base/20200101T000000000Z-full-000000/pack-000001", new byte[9]);

        assertThat(Inventory.of(BackupRig.cluster(vault), null).orphans())
                .containsExactly("base/20200101T000000000Z-full-000000/pack-000001");
        assertThat(Inventory.of(BackupRig.cluster(vault), "20200101T000000000Z-full-000000")
                        .orphans())
                .isEmpty();
    }

    @Test
    void a_reading_that_was_broken_off_goes_on_behind_what_it_has_read() throws Exception {
        var inventory = Inventory.of(BackupRig.cluster(vault), null);
        var names = List.copyOf(inventory.objects().keySet());
        var behind = names.get(3);
        var read = new ArrayList<Reading.Progress>();

        new Reading(BackupRig.cluster(vault), Instant.EPOCH).read(inventory, name -> true, behind, read::add);

        assertThat(read.getLast().total()).isEqualTo(names.size() - 4);
        assertThat(read.getLast().position()).isEqualTo(names.getLast());
    }

    @Test
    void within_a_week_of_samples_every_object_is_read_once() {
        var day = Instant.parse("2026-11-24T17:00:00Z");
        for (var name : vault.list(root)) {
            assertThat(IntStream.range(0, 7)
                            .filter(days ->
                                    sample(day.plusSeconds(86_400L * days)).chooses(name))
                            .count())
                    .isEqualTo(1);
        }
    }

    private static Verification sample(Instant at) {
        return new Verification(
                "1",
                "1",
                Verification.SAMPLE,
                Verification.State.RUNNING,
                "scheduled",
                at,
                at,
                null,
                "",
                0,
                0,
                0,
                List.of(),
                List.of(),
                null);
    }

    private List<String> problems() throws InterruptedException {
        return new Reading(BackupRig.cluster(vault), Instant.EPOCH).all();
    }
}
