package dk.elleve.backup.restore;

import static dk.elleve.backup.BackupRig.sql;
import static dk.elleve.backup.BackupRig.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.CountingVault;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.base.BackupProgress;
import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalShipper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Of a pack in which little is wanted, little is fetched; and what is fetched is trusted no more than before.
class RangedReadTest {

    private static final MemoryVault VAULT = new MemoryVault();
    private static Manifest manifest;
    private static String table;

    @BeforeAll
    static void backUp() throws Exception {
        BackupRig.database("ranged");
        sql(
                "ranged",
                "CREATE TABLE t AS SELECT n, md5(n::text) || md5((-n)::text) AS pad FROM generate_series(1, 600000) n",
                "CHECKPOINT");
        table = value("ranged", "SELECT pg_relation_filepath('t')");
        try (var wal = BackupRig.shipper(VAULT, "ranged_test")) {
            wal.start();
            manifest = backup(wal);
            BackupRig.shipAll(wal);
        }
    }

    @AfterAll
    static void forget() throws Exception {
        VAULT.clear();
        BackupRig.forget("ranged");
        BackupRig.dropSlot("ranged_test");
    }

    @Test
    void after_a_small_damage_a_delta_restore_fetches_a_small_part_of_each_pack_it_needs() throws Exception {
        var folder = BackupRig.folder();
        restore(VAULT, folder);
        var right = Files.readAllBytes(folder.resolve(table));
        damage(folder);
        var counting = new CountingVault(VAULT);

        restore(counting, folder);

        assertThat(Files.readAllBytes(folder.resolve(table))).isEqualTo(right);
        var packs = counting.names("/pack-");
        var whole = packs.stream()
                .mapToLong(name -> VAULT.get(name).orElseThrow().length)
                .sum();
        var fetched = packs.stream().mapToLong(counting::bytes).sum();
        assertThat(packs).hasSizeBetween(1, 3);
        assertThat(fetched)
                .as("fetched of packs of " + whole + " bytes")
                .isPositive()
                .isLessThan(whole / 5);
    }

    @Test
    void whatever_is_done_to_a_pack_is_told_also_when_little_of_it_is_fetched() throws Exception {
        var pack = packOfTable();
        var name = name(pack);
        var other = manifest.packs().stream()
                .filter(each -> !each.equals(pack)
                        && each.chunks().size() == pack.chunks().size())
                .findFirst()
                .orElseThrow();

        // Of the chunk that is wanted, of the last one, and of all that may lie behind it.
        assertDamaged(name, bytes -> flipped(bytes, 60 + pack.chunks().getFirst() / 2));
        assertDamaged(name, bytes -> flipped(bytes, bytes.length - 5));
        assertDamaged(name, bytes -> Arrays.copyOf(bytes, bytes.length - 1));
        assertDamaged(name, bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        assertDamaged(name, bytes -> Arrays.copyOf(bytes, bytes.length + 1));
        assertDamaged(name, bytes -> new byte[0]);
        assertDamaged(name, bytes -> VAULT.get(name(other)).orElseThrow());
    }

    @Test
    void a_pack_whose_chunks_nobody_knows_is_fetched_whole() {
        var pack = packOfTable();
        var old = JsonMapper.builder()
                .build()
                .readValue("""
                        {"number": %d, "bytes": %d, "storedBytes": %d, "seal": "%s"}
                        """.formatted(pack.number(), pack.bytes(), pack.storedBytes(), pack.seal()), Pack.class);
        var counting = new CountingVault(VAULT);

        var content = content(new Backups(BackupRig.cluster(counting)), old, first());

        assertThat(content).isEqualTo(whole(pack));
        assertThat(counting.bytes(name(pack))).isEqualTo(pack.storedBytes());
    }

    @Test
    void the_chunks_that_are_wanted_are_what_the_whole_pack_has_there() {
        var pack = packOfTable();
        var backups = new Backups(BackupRig.cluster(VAULT));
        var whole = whole(pack);

        for (var chunk = 0; chunk < pack.chunks().size(); chunk++) {
            var wanted = new BitSet();
            wanted.set(chunk);
            var from = chunk << 20;
            var to = Math.min(whole.length, from + (1 << 20));
            assertThat(Arrays.copyOfRange(content(backups, pack, wanted), from, to))
                    .isEqualTo(Arrays.copyOfRange(whole, from, to));
        }
    }

    private static byte[] whole(Pack pack) {
        var content = new byte[pack.bytes()];
        new Backups(BackupRig.cluster(VAULT))
                .read(manifest, pack, (at, bytes, length) -> System.arraycopy(bytes, 0, content, at, length));
        return content;
    }

    /// What was not fetched stays zero.
    private static byte[] content(Backups backups, Pack pack, BitSet wanted) {
        var content = new byte[pack.bytes()];
        backups.read(manifest, pack, wanted, (at, bytes, length) -> System.arraycopy(bytes, 0, content, at, length));
        return content;
    }

    private void assertDamaged(String name, UnaryOperator<byte[]> damage) {
        var vault = VAULT.copy();
        vault.overwrite(name, damage.apply(vault.get(name).orElseThrow()));
        var counting = new CountingVault(vault);

        assertThatThrownBy(() -> content(new Backups(BackupRig.cluster(counting)), packOfTable(), first()))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.DAMAGED))
                .hasMessageContaining("pack-");
        assertThat(counting.bytes(name)).isLessThan(packOfTable().storedBytes() / 2);
    }

    private static BitSet first() {
        var chunks = new BitSet();
        chunks.set(0);
        return chunks;
    }

    private static byte[] flipped(byte[] bytes, int at) {
        bytes[at] ^= 1;
        return bytes;
    }

    /// One that is full, of rows that hardly compress.
    private static Pack packOfTable() {
        return manifest.packs().stream()
                .max((one, other) -> Long.compare(one.storedBytes(), other.storedBytes()))
                .orElseThrow();
    }

    private static String name(Pack pack) {
        return "clusters/" + manifest.systemId() + "/" + Backups.packName(manifest.id(), pack.number());
    }

    private static Manifest backup(WalShipper wal) throws InterruptedException {
        var backups = new BaseBackup(
                BackupRig.server(),
                BackupRig.cluster(VAULT),
                wal,
                BackupRig.PATIENCE,
                BaseBackup.PACK_SIZE,
                Clock.systemUTC());
        return backups.run(backups.newId(Manifest.FULL), BackupProgress.NONE);
    }

    private static void restore(Vault vault, Path folder) throws Exception {
        var restorer = Restorer.open(vault, BackupRig.KEY, null);
        restorer.restore(
                restorer.plan(new RestoreTarget.Latest()), new Landing(folder, 5433, true), RestoreProgress.NONE);
    }

    private static void damage(Path folder) throws IOException {
        try (var file = new RandomAccessFile(folder.resolve(table).toFile(), "rw")) {
            file.seek(5_000_000);
            file.write(77);
        }
    }
}
