package dk.elleve.backup.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WalShelfTest {

    private static final Instant NOW = Instant.parse("2026-11-24T17:00:00Z");
    private static final Segments SEGMENTS = new Segments(1 << 20);

    private final ClusterVault vault = new ClusterVault(new MemoryVault(), BackupRig.KEY, "42");
    private final WalShelf shelf = new WalShelf(vault, SEGMENTS);
    private final byte[] segment = noise();

    @Test
    void a_part_that_was_replaced_since_the_inventory_was_taken_is_read_from_what_replaced_it() {
        shelf.write(1, 7, segment, 0, 1000, NOW, NOW);
        shelf.write(1, 7, segment, 1000, 2000, NOW, NOW);
        var inventory = shelf.inventory();

        shelf.write(1, 7, segment, 0, segment.length, NOW, NOW);
        shelf.inventory().needless().forEach(shelf::delete);

        assertThat(shelf.read(inventory, 1, 7).bytes()).isEqualTo(segment);
    }

    @Test
    void a_part_that_is_gone_without_being_replaced_is_named() {
        shelf.write(1, 7, segment, 0, 1000, NOW, NOW);
        shelf.write(1, 7, segment, 1000, 2000, NOW, NOW);
        var inventory = shelf.inventory();
        var gone = vault.list("wal/").getLast();

        shelf.delete(gone);

        assertThatThrownBy(() -> shelf.read(inventory, 1, 7))
                .isInstanceOf(VaultException.class)
                .hasMessageContaining(gone);
    }

    @Test
    void parts_that_overlap_make_one_segment() {
        shelf.write(1, 7, segment, 0, 1000, NOW, NOW);
        shelf.write(1, 7, segment, 500, 3000, NOW.plusSeconds(1), NOW);

        var read = shelf.read(shelf.inventory(), 1, 7);

        assertThat(read.length()).isEqualTo(3000);
        assertThat(Arrays.copyOf(read.bytes(), 3000)).isEqualTo(Arrays.copyOf(segment, 3000));
        assertThat(read.newest()).isEqualTo(NOW.plusSeconds(1));
    }

    private static byte[] noise() {
        var bytes = new byte[1 << 20];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
