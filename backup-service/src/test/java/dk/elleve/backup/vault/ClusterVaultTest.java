package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ClusterVaultTest {

    private static final String CLUSTER = "7500000000000000001";
    private static final String PATH = "clusters/" + CLUSTER + "/";

    private final MemoryVault blobs = new MemoryVault();
    private final ClusterVault vault = new ClusterVault(blobs, BackupRig.KEY, CLUSTER);

    @Test
    void what_was_put_comes_back_in_every_size() {
        for (var size : new int[] {0, 1, 100, Sealing.CHUNK - 1, Sealing.CHUNK, Sealing.CHUNK + 1, 3 * Sealing.CHUNK}) {
            var content = random(size);

            vault.putIfAbsent("full-1", "object-" + size, content);

            assertThat(vault.get("object-" + size)).isEqualTo(content);
        }
    }

    @Test
    void nothing_of_the_content_lies_in_the_clear() {
        var secret = "0201-9999 Jens Hansen".repeat(100);

        vault.putIfAbsent("full-1", "object", secret.getBytes(StandardCharsets.UTF_8));

        for (var name : blobs.list("")) {
            assertThat(new String(blobs.get(name).orElseThrow(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("Jens")
                    .doesNotContain("0201");
        }
    }

    @Test
    void equal_content_looks_different_each_time() {
        vault.putIfAbsent("full-1", "one", new byte[1000]);
        vault.putIfAbsent("full-1", "two", new byte[1000]);

        assertThat(blobs.get(PATH + "one")).isNotEqualTo(blobs.get(PATH + "two"));
    }

    @Test
    void any_flipped_bit_is_found_and_the_object_named() {
        vault.putIfAbsent("full-1", "object", random(5000));
        var whole = blobs.get(PATH + "object").orElseThrow();

        for (var at = 0; at < whole.length; at += 7) {
            var flipped = whole.clone();
            flipped[at] ^= (byte) (1 << (at % 8));
            blobs.overwrite(PATH + "object", flipped);

            // A flip in the key's name leads to a key that is not there.
            assertThatThrownBy(() -> new ClusterVault(blobs, BackupRig.KEY, CLUSTER).get("object"))
                    .as("flip at %d", at)
                    .isInstanceOfSatisfying(
                            VaultException.class,
                            e -> assertThat(e.problem()).isIn(VaultProblem.DAMAGED, VaultProblem.MISSING));
        }
    }

    @Test
    void an_object_cut_at_a_chunk_is_damaged() {
        vault.putIfAbsent("full-1", "object", random(3 * Sealing.CHUNK));
        var whole = blobs.get(PATH + "object").orElseThrow();
        var header = 4 + 1 + "full-1".length() + 32;
        var firstChunk = header + 4 + ByteBuffer.wrap(whole, header, 4).getInt();

        for (var length :
                new int[] {0, 3, header, header + 2, header + 100, firstChunk, firstChunk + 1, whole.length - 1}) {
            blobs.overwrite(PATH + "object", Arrays.copyOf(whole, length));

            assertDamaged(() -> vault.get("object"), "object");
        }
    }

    @Test
    void two_chunks_that_changed_places_are_damaged() {
        vault.putIfAbsent("full-1", "object", random(3 * Sealing.CHUNK));
        var whole = blobs.get(PATH + "object").orElseThrow();
        var header = 4 + 1 + "full-1".length() + 32;
        var size = 4 + ByteBuffer.wrap(whole, header, 4).getInt();
        var swapped = whole.clone();
        System.arraycopy(whole, header, swapped, header + size, size);
        System.arraycopy(whole, header + size, swapped, header, size);
        blobs.overwrite(PATH + "object", swapped);

        assertDamaged(() -> vault.get("object"), "object");
    }

    @Test
    void two_objects_that_changed_places_are_damaged() {
        vault.putIfAbsent("full-1", "one", random(100));
        vault.putIfAbsent("full-1", "two", random(100));
        var one = blobs.get(PATH + "one").orElseThrow();
        blobs.overwrite(PATH + "one", blobs.get(PATH + "two").orElseThrow());
        blobs.overwrite(PATH + "two", one);

        assertDamaged(() -> vault.get("one"), "one");
        assertDamaged(() -> vault.get("two"), "two");
    }

    @Test
    void an_object_of_another_cluster_is_damaged() {
        var other = new ClusterVault(blobs, BackupRig.KEY, "7500000000000000002");
        other.putIfAbsent("full-1", "object", random(100));
        vault.putIfAbsent("full-1", "something", random(1));

        blobs.overwrite(
                PATH + "object",
                blobs.get("clusters/7500000000000000002/object").orElseThrow());

        assertDamaged(() -> vault.get("object"), "object");
    }

    @Test
    void an_older_writing_under_the_same_name_is_told_by_its_seal() {
        var first = vault.putIfAbsent("full-1", "object", random(100));
        vault.delete("object");
        var second = vault.putIfAbsent("full-1", "object", random(100));

        assertThat(vault.get("object", second.seal())).hasSize(100);
        assertDamaged(() -> vault.get("object", first.seal()), "object");
    }

    @Test
    void a_wrong_master_key_is_named_as_such() {
        vault.putIfAbsent("full-1", "object", random(100));

        var stranger = new ClusterVault(blobs, BackupRig.OTHER_KEY, CLUSTER);

        assertThatThrownBy(stranger::unlock)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.WRONG_KEY))
                .hasMessageContaining(BackupRig.KEY.fingerprint())
                .hasMessageContaining(BackupRig.OTHER_KEY.fingerprint());
    }

    @Test
    void a_damaged_data_key_is_not_taken_for_a_wrong_master_key() {
        vault.putIfAbsent("full-1", "object", random(100));
        var name = PATH + "keys/full-1/" + BackupRig.KEY.fingerprint();
        var wrapped = blobs.get(name).orElseThrow();
        wrapped[wrapped.length - 1] ^= 1;
        blobs.overwrite(name, wrapped);

        assertDamaged(
                () -> new ClusterVault(blobs, BackupRig.KEY, CLUSTER).get("object"),
                "keys/full-1/" + BackupRig.KEY.fingerprint());
    }

    @Test
    void what_was_written_under_a_destroyed_key_is_gone() {
        vault.putIfAbsent("full-1", "object", random(100));

        vault.destroyKey("full-1");

        assertThatThrownBy(() -> vault.get("object"))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.MISSING));
    }

    @Test
    void the_same_content_may_be_put_twice_but_no_other() {
        vault.putSame("full-1", "object", new byte[] {1, 2}, 0, 2);

        assertThat(vault.putSame("full-1", "object", new byte[] {1, 2}, 0, 2).created())
                .isFalse();
        assertThatThrownBy(() -> vault.putSame("full-1", "object", new byte[] {1, 3}, 0, 2))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.CONFLICT));
    }

    @Test
    void keys_do_not_show_themselves() {
        assertThat(BackupRig.KEY.toString()).contains("***").doesNotContain("0123456789abcdef");
        assertThat(new DataKey(CLUSTER, "full-1", new byte[32]).toString()).contains("***");
    }

    private static void assertDamaged(ThrowingCallable read, String name) {
        assertThatThrownBy(read)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.DAMAGED))
                .hasMessageContaining("'" + name + "'");
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
