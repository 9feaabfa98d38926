package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The entries below one tile of level 0, each after its length in two bytes, big-endian (c2sp.org/tlog-tiles,
/// section "Log Entries").
public final class EntryBundle {

    /// What two bytes of length allow.
    public static final int MAX_ENTRY_LENGTH = 65_535;

    private EntryBundle() {}

    public static byte[] encode(List<byte[]> entries) {
        if (entries.isEmpty() || entries.size() > Tile.FULL) {
            throw new MalformedException("a bundle holds 1 to 256 entries, not " + entries.size());
        }
        byte[] bundle =
                new byte[entries.stream().mapToInt(entry -> 2 + entry.length).sum()];
        int at = 0;
        for (byte[] entry : entries) {
            requireLength(entry.length);
            bundle[at] = (byte) (entry.length >>> 8);
            bundle[at + 1] = (byte) entry.length;
            System.arraycopy(entry, 0, bundle, at + 2, entry.length);
            at += 2 + entry.length;
        }
        return bundle;
    }

    public static List<byte[]> decode(byte[] bundle) {
        int[] ends = ends(bundle);
        var entries = new ArrayList<byte[]>(ends.length);
        int start = 0;
        for (int end : ends) {
            entries.add(Arrays.copyOfRange(bundle, start + 2, end));
            start = end;
        }
        return entries;
    }

    /// The end of each entry, and with it where the next one's length begins. Reads only lengths.
    static int[] ends(byte[] bundle) {
        int[] ends = new int[Tile.FULL];
        int count = 0;
        int at = 0;
        while (at < bundle.length) {
            if (count == Tile.FULL) {
                throw new MalformedException("the bundle goes on after 256 entries, at byte " + at);
            }
            int end = bundle.length - at < 2
                    ? Integer.MAX_VALUE
                    : at + 2 + ((bundle[at] & 0xff) << 8 | bundle[at + 1] & 0xff);
            if (end > bundle.length) {
                throw new MalformedException(
                        "the bundle breaks off within entry " + count + ", which begins at byte " + at);
            }
            ends[count++] = end;
            at = end;
        }
        return Arrays.copyOf(ends, count);
    }

    static void requireLength(int length) {
        if (length > MAX_ENTRY_LENGTH) {
            throw new MalformedException("an entry is at most " + MAX_ENTRY_LENGTH + " bytes long, not " + length);
        }
    }
}
