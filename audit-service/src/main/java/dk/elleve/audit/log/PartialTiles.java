package dk.elleve.audit.log;

import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileContent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The partial tiles that are stored, until full ones have replaced them. Every checkpoint leaves some, which hold
/// anew what those before them held: of a quiet log they take far more than its entries.
///
/// Whoever reads by a checkpoint of that time takes the full tile instead (c2sp.org/tlog-tiles, "Partial Tiles").
///
/// For use by one thread.
final class PartialTiles {

    /// So many are left to a calmer time: what five busy minutes leave, some tens of megabytes.
    static final int LEFT = 1000;

    /// A round makes three or four.
    static final int AT_A_TIME = 8;

    private static final Logger log = LoggerFactory.getLogger(PartialTiles.class);

    private final LogTiles tiles;
    private final Set<Tile> stored = new HashSet<>();
    private boolean found;

    PartialTiles(LogTiles tiles) {
        this.tiles = tiles;
    }

    /// What processes before this one left at the edge of a log of this size; and in the tile before it,
    /// which one of them may have filled and not tidied any more. Looks once.
    void find(long size) {
        if (found) {
            return;
        }
        for (int level = Tile.ENTRIES; Tile.count(level, size) > 0; level++) {
            long edge = Tile.count(level, size) / Tile.FULL;
            for (long index = Math.max(0, edge - 1); index <= edge; index++) {
                stored.addAll(tiles.partial(new Tile(level, index, Tile.FULL)));
            }
        }
        found = true;
    }

    /// What is written now: some of it may stand even if writing fails. Deleting what does not is harmless.
    void mayStand(List<TileContent> contents) {
        contents.stream().map(TileContent::tile).filter(tile -> !tile.isFull()).forEach(stored::add);
    }

    /// Takes away some of what the full tiles of a log of this size have replaced; those must be stored. The log waits
    /// for it, so it is not much at a time.
    ///
    /// @param calm whether the storage has little else to do; else it happens only when much is left already
    void tidy(long size, boolean calm) {
        var replaced = replaced(size);
        if (calm || replaced.size() > LEFT) {
            delete(replaced.subList(0, Math.min(replaced.size(), AT_A_TIME)));
        }
    }

    /// The same with all of it.
    void tidyAll(long size) {
        var replaced = replaced(size);
        for (int from = 0; from < replaced.size(); from += AT_A_TIME) {
            delete(replaced.subList(from, Math.min(replaced.size(), from + AT_A_TIME)));
        }
    }

    private List<Tile> replaced(long size) {
        return stored.stream()
                .filter(tile -> Tile.count(tile.level(), size) / Tile.FULL > tile.index())
                .toList();
    }

    /// What the storage does not let go stays there for good: nothing that is true of the log depends on it.
    private void delete(List<Tile> replaced) {
        if (replaced.isEmpty()) {
            return;
        }
        replaced.forEach(stored::remove);
        try {
            tiles.delete(replaced);
        } catch (BlobStorageAway kept) {
            log.warn("Of {} partial tiles that are no longer needed some stay in blob storage", replaced.size(), kept);
        }
    }
}
