package dk.elleve.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A log of a fixed size, read from its tiles: computes roots, inclusion and consistency proofs, and hands out
/// entries.
///
/// Nothing read is trusted. A proof from damaged tiles does not verify against the signed root, which is what
/// must be asked. Keeps the tiles last used; for use by one thread at a time.
public final class TileReader implements HashReader {

    private static final int KEPT_TILES = 64;

    private final TileSource source;
    private final long size;
    private final Map<Tile, byte[]> kept = new LinkedHashMap<>(KEPT_TILES * 2, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Tile, byte[]> eldest) {
            return size() > KEPT_TILES;
        }
    };

    public TileReader(TileSource source, long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a log of size " + Long.toUnsignedString(size) + " is beyond reading");
        }
        this.source = source;
        this.size = size;
    }

    public long size() {
        return size;
    }

    public Hash root() {
        return Proofs.root(size, this);
    }

    public List<Hash> inclusion(long index) {
        return Proofs.inclusion(index, size, this);
    }

    public List<Hash> consistency(long oldSize) {
        return Proofs.consistency(oldSize, size, this);
    }

    public CompactRange compactRange() {
        return CompactRange.read(size, this);
    }

    /// The entry as it was logged. Believe it only if its leaf hash and [#inclusion] lead to the signed root.
    public byte[] entry(long index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("entry " + index + " is not in a log of size " + size);
        }
        var tile = Tile.at(Tile.ENTRIES, index / Tile.FULL, size);
        return EntryBundle.decode(bytes(tile)).get((int) (index % Tile.FULL));
    }

    @Override
    public Hash hash(int level, long index) {
        // A tile holds hashes of tree levels 0, 8, 16, ...; those between are computed from the hashes below them in
        // one tile.
        int tileLevel = level / Tile.HEIGHT;
        int above = level % Tile.HEIGHT;
        long first = index << above;
        long count = Tile.count(tileLevel, size);
        if (first < 0 || first + (1L << above) > count) {
            throw new IllegalArgumentException(
                    "no subtree of level " + level + " at " + index + " in a log of " + size);
        }
        byte[] hashes = bytes(Tile.at(tileLevel, first / Tile.FULL, size));
        return perfectRoot(hashes, (int) (first % Tile.FULL), 1 << above);
    }

    /// The bytes of a tile or bundle, cut to its width. Where a partial tile is gone, the full one that
    /// replaced it serves.
    ///
    /// @throws VerificationException where neither is there, or what is there has not that many hashes or
    /// entries
    public byte[] bytes(Tile tile) {
        byte[] known = kept.get(tile);
        if (known != null) {
            return known;
        }
        byte[] read = read(source, tile);
        kept.put(tile, read);
        return read;
    }

    /// For several threads: keeps nothing.
    static byte[] read(TileSource source, Tile tile) {
        try {
            Optional<byte[]> exact = source.read(tile.path());
            if (exact.isPresent()) {
                return cut(tile, tile, exact.get());
            }
            if (!tile.isFull()) {
                Optional<byte[]> full = source.read(tile.full().path());
                if (full.isPresent()) {
                    return cut(tile, tile.full(), full.get());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(tile + " could not be read: " + e.getMessage(), e);
        }
        throw new VerificationException(tile + " is missing");
    }

    private static byte[] cut(Tile wanted, Tile found, byte[] bytes) {
        int count;
        int length;
        if (wanted.isEntries()) {
            int[] ends = ends(found, bytes);
            count = ends.length;
            length = count < wanted.width() ? 0 : ends[wanted.width() - 1];
        } else {
            if (bytes.length % Hash.LENGTH != 0) {
                throw new VerificationException(
                        found + " is " + bytes.length + " bytes long, which is no whole number of hashes");
            }
            count = bytes.length / Hash.LENGTH;
            length = wanted.width() * Hash.LENGTH;
        }
        if (count != found.width()) {
            throw new VerificationException(found + " holds " + count + (wanted.isEntries() ? " entries" : " hashes")
                    + ", must hold " + found.width());
        }
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private static int[] ends(Tile bundle, byte[] bytes) {
        try {
            return EntryBundle.ends(bytes);
        } catch (MalformedException e) {
            throw new VerificationException(bundle + ": " + e.getMessage());
        }
    }

    /// The root over `count` hashes, a power of two, from number `first` of a tile on.
    static Hash perfectRoot(byte[] tile, int first, int count) {
        if (count == 1) {
            return Hash.at(tile, first * Hash.LENGTH);
        }
        int half = count / 2;
        return Hash.node(perfectRoot(tile, first, half), perfectRoot(tile, first + half, half));
    }
}
