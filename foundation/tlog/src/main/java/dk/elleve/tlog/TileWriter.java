package dk.elleve.tlog;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Turns entries into the resources of a tiled log. Holds the right edge only: at most 255 hashes for each
/// level and 255 entries.
///
/// Append entries, [#flush], store what it gives, then sign and publish a checkpoint of [#size] and [#root]. A
/// writer that was dropped before its resources were stored is made anew with [#resume] from what is stored,
/// and gives the same bytes again. For use by one thread at a time: a log has one sequencer.
public final class TileWriter {

    private final CompactRange range;
    private final List<Level> levels = new ArrayList<>();
    private final ByteArrayOutputStream bundle = new ByteArrayOutputStream();
    private final List<TileContent> completed = new ArrayList<>();
    private long flushedSize;

    private TileWriter(CompactRange range) {
        this.range = range;
        this.flushedSize = range.size();
    }

    public static TileWriter empty() {
        return new TileWriter(CompactRange.empty());
    }

    /// A writer for a log of `size` entries whose resources are in `source`. Read only the right edge; compare
    /// [#root] with the root that was last signed for this size before going on.
    public static TileWriter resume(long size, TileSource source) {
        var reader = new TileReader(source, size);
        var writer = new TileWriter(reader.compactRange());
        if (size % Tile.FULL != 0) {
            writer.bundle.writeBytes(reader.bytes(Tile.at(Tile.ENTRIES, size / Tile.FULL, size)));
        }
        for (int level = 0; Tile.count(level, size) > 0; level++) {
            long count = Tile.count(level, size);
            var edge = writer.level(level);
            edge.index = count / Tile.FULL;
            edge.width = (int) (count % Tile.FULL);
            if (edge.width > 0) {
                byte[] hashes = reader.bytes(Tile.at(level, edge.index, size));
                System.arraycopy(hashes, 0, edge.hashes, 0, hashes.length);
            }
        }
        return writer;
    }

    public long size() {
        return range.size();
    }

    public Hash root() {
        return range.root();
    }

    /// The roots of the perfect subtrees at the right edge; see [CompactRange#edge].
    public List<Hash> edge() {
        return range.edge();
    }

    /// @return the index of the new entry
    public long append(byte[] entry) {
        return append(entry, Hash.leaf(entry));
    }

    /// For callers that have hashed the entry already.
    public long append(byte[] entry, Hash leafHash) {
        EntryBundle.requireLength(entry.length);
        bundle.write(entry.length >>> 8);
        bundle.write(entry.length);
        bundle.writeBytes(entry);
        long index = range.append(leafHash);
        if (range.size() % Tile.FULL == 0) {
            completed.add(new TileContent(Tile.entries(index / Tile.FULL, Tile.FULL), bundle.toByteArray()));
            bundle.reset();
        }
        add(0, leafHash);
        return index;
    }

    /// Every resource that changed since the last flush: the tiles and bundles completed, and the partial ones
    /// of the present size. The paths are those of [Tile#between].
    public List<TileContent> flush() {
        var contents = new ArrayList<>(completed);
        completed.clear();
        if (range.size() > flushedSize && bundle.size() > 0) {
            int width = (int) (range.size() % Tile.FULL);
            contents.add(new TileContent(Tile.entries(range.size() / Tile.FULL, width), bundle.toByteArray()));
        }
        for (int level = 0; level < levels.size(); level++) {
            if (levels.get(level).width > 0 && Tile.count(level, range.size()) > Tile.count(level, flushedSize)) {
                contents.add(levels.get(level).partial(level));
            }
        }
        flushedSize = range.size();
        return contents;
    }

    private void add(int number, Hash hash) {
        var level = level(number);
        hash.copyTo(level.hashes, level.width * Hash.LENGTH);
        level.width++;
        if (level.width == Tile.FULL) {
            completed.add(new TileContent(new Tile(number, level.index, Tile.FULL), level.hashes));
            add(number + 1, TileReader.perfectRoot(level.hashes, 0, Tile.FULL));
            level.index++;
            level.width = 0;
            level.hashes = new byte[Tile.FULL * Hash.LENGTH];
        }
    }

    private Level level(int number) {
        while (levels.size() <= number) {
            levels.add(new Level());
        }
        return levels.get(number);
    }

    /// The rightmost, growing tile of a level.
    private static final class Level {
        private long index;
        private int width;
        private byte[] hashes = new byte[Tile.FULL * Hash.LENGTH];

        TileContent partial(int level) {
            return new TileContent(new Tile(level, index, width), Arrays.copyOf(hashes, width * Hash.LENGTH));
        }
    }
}
