package dk.elleve.tlog;

import java.util.List;

/// A run of leaves `[start, end)` that has a root of its own inside every tree that holds it: `start` is a
/// multiple of the smallest power of two that is at least as large as the run
/// (draft-ietf-plants-merkle-tree-certs section 4.1). The whole tree of size n is `[0, n)`. An empty run is a
/// subtree anywhere.
public record Subtree(long start, long end) {

    public Subtree {
        if (start < 0 || end < start) {
            throw new MalformedException("[" + start + ", " + end + ") is not a range of leaves");
        }
        if (start % bitCeil(end - start) != 0) {
            throw new MalformedException("[" + start + ", " + end + ") is not a subtree: " + start
                    + " is not a multiple of " + bitCeil(end - start));
        }
    }

    public static Subtree wholeTree(long size) {
        return new Subtree(0, size);
    }

    public static boolean isValid(long start, long end) {
        return start >= 0 && end >= start && start % bitCeil(end - start) == 0;
    }

    /// Two adjoining subtrees that together cover any run of leaves and are hardly larger than it. The first
    /// may begin before `start`; the second is empty for runs shorter than two.
    public static List<Subtree> covering(long start, long end) {
        if (start < 0 || end < start) {
            throw new MalformedException("[" + start + ", " + end + ") is not a range of leaves");
        }
        if (end - start <= 1) {
            return List.of(new Subtree(start, end), new Subtree(end, end));
        }
        long last = end - 1;
        long below = Long.highestOneBit(start ^ last) - 1;
        long middle = last & ~below;
        long rest = ~start & below;
        long leftBits = rest == 0 ? 0 : (Long.highestOneBit(rest) << 1) - 1;
        return List.of(new Subtree(start & ~leftBits, middle), new Subtree(middle, end));
    }

    public long size() {
        return end - start;
    }

    public boolean holds(long index) {
        return start <= index && index < end;
    }

    @Override
    public String toString() {
        return "[" + start + ", " + end + ")";
    }

    /// The smallest power of two that is not below n; above 2^62 there is none in a signed long, and only start
    /// 0 divides.
    private static long bitCeil(long n) {
        if (n <= 1) {
            return 1;
        }
        return n > 1L << 62 ? Long.MAX_VALUE : Long.highestOneBit(n - 1) << 1;
    }
}
