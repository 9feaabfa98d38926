package dk.elleve.tlog;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The name of one resource of a tiled log (c2sp.org/tlog-tiles): 256 hashes of one level of the tree, or the
/// 256 entries below a tile of level 0, or fewer at the right edge. Contents never change under a name; a
/// growing edge gets new names.
///
/// @param level 0 to 63, or [#ENTRIES]
/// @param index position within the level
/// @param width how many hashes or entries, 1 to 256; less than 256 is a *partial* tile
public record Tile(int level, long index, int width) {

    public static final int ENTRIES = -1;
    public static final int FULL = 256;

    /// A tile of level n stands on tiles of level n - 1, eight levels of the tree below.
    static final int HEIGHT = 8;

    private static final int MAX_LEVEL = 63;
    private static final String ROOT = "tile/";

    public Tile {
        if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
            throw new MalformedException("no tile has level " + level + ", index " + index + ", width " + width);
        }
    }

    public static Tile entries(long index, int width) {
        return new Tile(ENTRIES, index, width);
    }

    /// Accepts exactly the paths that [#path] makes.
    public static Tile parse(String path) {
        try {
            var tile = read(path);
            if (tile.path().equals(path)) {
                return tile;
            }
        } catch (IndexOutOfBoundsException | NumberFormatException | MalformedException e) {
            // One message for every way to misspell a path.
        }
        throw new MalformedException("'" + path + "' is not the path of a tile");
    }

    private static Tile read(String path) {
        int afterLevel = path.indexOf('/', ROOT.length());
        String level = path.substring(ROOT.length(), afterLevel);
        String rest = path.substring(afterLevel + 1);
        int partial = rest.indexOf(".p/");
        int width = partial < 0 ? FULL : Integer.parseInt(rest.substring(partial + 3));
        String number = (partial < 0 ? rest : rest.substring(0, partial))
                .replace("/", "")
                .replace("x", "");
        return new Tile(level.equals("entries") ? ENTRIES : Integer.parseInt(level), Long.parseLong(number), width);
    }

    /// `tile/<level>/<index>[.p/<width>]`, the index in groups of three digits, each but the last with an `x`
    /// before it.
    public String path() {
        var digits = Long.toString(index);
        digits = "0".repeat((3 - digits.length() % 3) % 3) + digits;
        var path = new StringBuilder(ROOT).append(isEntries() ? "entries" : Integer.toString(level));
        for (int i = 0; i < digits.length(); i += 3) {
            path.append(i + 3 < digits.length() ? "/x" : "/").append(digits, i, i + 3);
        }
        return isFull() ? path.toString() : path.append(".p/").append(width).toString();
    }

    public boolean isEntries() {
        return level == ENTRIES;
    }

    public boolean isFull() {
        return width == FULL;
    }

    /// The same place when all its 256 hashes or entries are there.
    public Tile full() {
        return new Tile(level, index, FULL);
    }

    /// How many hashes (or entries, at level [#ENTRIES]) this level holds when the log has `size` entries.
    public static long count(int level, long size) {
        return level <= 0 ? size : level * HEIGHT > 62 ? 0 : size >>> level * HEIGHT;
    }

    /// The tile at this place as a log of `size` entries serves it.
    ///
    /// @throws MalformedException where such a log has none
    public static Tile at(int level, long index, long size) {
        return new Tile(level, index, (int) Math.min(FULL, count(level, size) - index * FULL));
    }

    /// Everything a log of `size` entries needs: bundles and tiles of all levels, partial ones only at the
    /// edge.
    public static Stream<Tile> of(long size) {
        return between(0, size);
    }

    /// What a log that grows from `oldSize` to `newSize` must write before it publishes the new checkpoint:
    /// entries first, then the levels upward. Each tile that the growth completed appears once, as full.
    public static Stream<Tile> between(long oldSize, long newSize) {
        if (oldSize < 0 || newSize < oldSize) {
            throw new IllegalArgumentException("a log does not grow from " + oldSize + " to " + newSize);
        }
        return IntStream.rangeClosed(ENTRIES, MAX_LEVEL)
                .filter(level -> count(level, newSize) > count(level, oldSize))
                .boxed()
                .flatMap(level -> LongStream.rangeClosed(
                                count(level, oldSize) / FULL, (count(level, newSize) - 1) / FULL)
                        .mapToObj(index -> at(level, index, newSize)));
    }

    @Override
    public String toString() {
        return path();
    }
}
