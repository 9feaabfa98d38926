package dk.elleve.audit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.audit.checkpoint.MemoryBlobs;
import dk.elleve.kit.test.Faults;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileContent;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartialTilesBoundTest {

    private final MemoryBlobs blobs = new MemoryBlobs(new Faults());
    private final LogTiles tiles = new LogTiles(blobs);
    private final PartialTiles partial = new PartialTiles(tiles);

    @Test
    void a_log_that_is_never_calm_leaves_no_more_than_so_many() {
        for (int index = 0; index < PartialTiles.LEFT; index++) {
            fill(index);
        }
        assertThat(stored()).isEqualTo(PartialTiles.LEFT);

        fill(PartialTiles.LEFT);

        assertThat(stored()).isEqualTo(PartialTiles.LEFT + 1 - PartialTiles.AT_A_TIME);
    }

    @Test
    void much_that_is_left_goes_some_at_a_time() {
        int left = 2 * PartialTiles.AT_A_TIME;
        for (int index = 0; index < left; index++) {
            fill(index);
        }

        partial.tidy((long) left * Tile.FULL, true);
        assertThat(stored()).isEqualTo(PartialTiles.AT_A_TIME);
        partial.tidy((long) left * Tile.FULL, true);
        assertThat(stored()).isZero();
    }

    /// A round that stores a partial tile, and one that fills it and the next ones.
    private void fill(int index) {
        var contents = List.of(new TileContent(Tile.entries(index, 7), new byte[7]));
        partial.mayStand(contents);
        tiles.write(contents);
        partial.tidy((index + 1L) * Tile.FULL, false);
    }

    private int stored() {
        return blobs.list(LogTiles.CONTAINER, "tile/").size();
    }
}
