package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.backup.BackupRig;
import dk.elleve.backup.MemoryVault;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockHashTest {

    private final ClusterVault vault = new ClusterVault(new MemoryVault(), BackupRig.KEY, "42");
    private final BlockHash hash = vault.blockHash("full-1");
    private final byte[] block = new byte[BlockHash.BLOCK];

    BlockHashTest() {
        new Random(1).nextBytes(block);
    }

    @Test
    void a_block_has_the_same_fingerprint_each_time_and_in_each_process() {
        var first = of(hash, 7, block.length);

        assertThat(of(hash, 7, block.length)).isEqualTo(first);
        of(hash, 8, block.length);
        assertThat(of(hash, 7, block.length)).isEqualTo(first);
        assertThat(of(vault.blockHash("full-1"), 7, block.length)).isEqualTo(first);
    }

    @Test
    void another_bit_place_length_or_key_is_another_fingerprint() {
        var first = of(hash, 7, block.length);

        assertThat(of(hash, 8, block.length)).isNotEqualTo(first);
        assertThat(of(hash, 7, block.length - 1)).isNotEqualTo(first);
        assertThat(of(vault.blockHash("full-2"), 7, block.length)).isNotEqualTo(first);
        for (var bit = 0; bit < 8 * block.length; bit += 997) {
            block[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(of(hash, 7, block.length)).isNotEqualTo(first);
            block[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private byte[] of(BlockHash hash, long number, int length) {
        var fingerprint = new byte[BlockHash.SIZE];
        hash.of(number, block, 0, length, fingerprint, 0);
        return fingerprint;
    }
}
