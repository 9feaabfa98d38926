package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.List;

/// The right edge of a growing tree: the roots of its perfect subtrees, largest first. Together with the size
/// it is all a log must keep to append and to know its root. One appends, nobody else touches it meanwhile.
public final class CompactRange {

    private final List<Hash> edge;
    private long size;

    private CompactRange(long size, List<Hash> edge) {
        this.size = size;
        this.edge = edge;
    }

    public static CompactRange empty() {
        return new CompactRange(0, new ArrayList<>());
    }

    /// A kept edge taken up again.
    ///
    /// @param edge roots of the perfect subtrees, largest (leftmost) first, one for each bit set in `size`
    public static CompactRange of(long size, List<Hash> edge) {
        if (size < 0 || Long.bitCount(size) != edge.size()) {
            throw new MalformedException("a tree of size " + size + " has " + Long.bitCount(size)
                    + " subtrees on its edge, not " + edge.size());
        }
        return new CompactRange(size, new ArrayList<>(edge));
    }

    /// The edge of a stored tree.
    public static CompactRange read(long size, HashReader tree) {
        var range = empty();
        range.edge.addAll(Proofs.edge(size, tree));
        range.size = size;
        return range;
    }

    public long size() {
        return size;
    }

    public List<Hash> edge() {
        return List.copyOf(edge);
    }

    /// @return the index of the new leaf
    public long append(Hash leaf) {
        return append(leaf, 0);
    }

    /// Appends the root of a perfect subtree of `1 << level` leaves at once; the size must be a multiple of it.
    ///
    /// @return the index of its first leaf
    public long append(Hash root, int level) {
        if ((size & ((1L << level) - 1)) != 0) {
            throw new IllegalArgumentException("a subtree of level " + level + " does not fit at size " + size);
        }
        var hash = root;
        for (long bits = size >>> level; (bits & 1) == 1; bits >>>= 1) {
            hash = Hash.node(edge.removeLast(), hash);
        }
        edge.add(hash);
        long first = size;
        size += 1L << level;
        return first;
    }

    public Hash root() {
        if (edge.isEmpty()) {
            return Hash.EMPTY_ROOT;
        }
        var hash = edge.getLast();
        for (var left : edge.subList(0, edge.size() - 1).reversed()) {
            hash = Hash.node(left, hash);
        }
        return hash;
    }
}
