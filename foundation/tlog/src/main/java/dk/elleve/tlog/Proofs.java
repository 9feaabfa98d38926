package dk.elleve.tlog;

import java.util.ArrayList;
import java.util.List;

/// Inclusion and consistency proofs: made from a tree's stored hashes, checked from nothing but the proof.
///
/// Making follows the recursive definitions of RFC 9162 (sections 2.1.3.1 and 2.1.4.1), checking its iterative
/// algorithms (2.1.3.2 and 2.1.4.2); the two share no code, so each tests the other. Checks take unsigned
/// 64-bit sizes and at most 63 hashes, and return only if the proof holds: there is no result to forget to look
/// at.
public final class Proofs {

    /// A tree of 2^63 leaves has paths of 63 hashes; nothing longer is looked at.
    public static final int LONGEST_PATH = 63;

    private Proofs() {}

    // Making

    public static Hash root(long size, HashReader tree) {
        return root(Subtree.wholeTree(size), tree);
    }

    public static Hash root(Subtree subtree, HashReader tree) {
        return subtree.size() == 0 ? Hash.EMPTY_ROOT : root(subtree.start(), subtree.end(), tree);
    }

    /// The roots of the perfect subtrees a tree of this size is made of, largest first.
    public static List<Hash> edge(long size, HashReader tree) {
        var edge = new ArrayList<Hash>();
        long start = 0;
        for (int level = 62; level >= 0; level--) {
            if ((size >>> level & 1) == 1) {
                edge.add(tree.hash(level, start >>> level));
                start += 1L << level;
            }
        }
        return edge;
    }

    /// The path from leaf `index` to the root of the tree of `size`, the leaf's sibling first.
    public static List<Hash> inclusion(long index, long size, HashReader tree) {
        return inclusion(index, Subtree.wholeTree(size), tree);
    }

    /// The path from leaf `index` of the log to the root of the subtree.
    public static List<Hash> inclusion(long index, Subtree subtree, HashReader tree) {
        if (!subtree.holds(index)) {
            throw new IllegalArgumentException("leaf " + index + " is not in " + subtree);
        }
        var path = new ArrayList<Hash>();
        inclusion(index, subtree.start(), subtree.end(), tree, path);
        return List.copyOf(path);
    }

    /// That the tree of `oldSize` is the beginning of the tree of `newSize`. Empty where the sizes are equal,
    /// and for the empty tree, of which every tree is a continuation.
    public static List<Hash> consistency(long oldSize, long newSize, HashReader tree) {
        return consistency(Subtree.wholeTree(oldSize), newSize, tree);
    }

    /// That the subtree is part of the tree of `size`.
    public static List<Hash> consistency(Subtree subtree, long size, HashReader tree) {
        if (subtree.end() > size) {
            throw new IllegalArgumentException(subtree + " is not in a tree of size " + size);
        }
        var path = new ArrayList<Hash>();
        if (subtree.size() > 0) {
            consistency(subtree.start(), subtree.end(), 0, size, true, tree, path);
        }
        return List.copyOf(path);
    }

    private static Hash root(long start, long end, HashReader tree) {
        long size = end - start;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return tree.hash(level, start >>> level);
        }
        long middle = start + split(size);
        return Hash.node(root(start, middle, tree), root(middle, end, tree));
    }

    private static void inclusion(long index, long start, long end, HashReader tree, List<Hash> path) {
        if (end - start == 1) {
            return;
        }
        long middle = start + split(end - start);
        if (index < middle) {
            inclusion(index, start, middle, tree, path);
            path.add(root(middle, end, tree));
        } else {
            inclusion(index, middle, end, tree, path);
            path.add(root(start, middle, tree));
        }
    }

    /// @param known whether the verifier has the root of `[from, to)` already
    private static void consistency(
            long from, long to, long start, long end, boolean known, HashReader tree, List<Hash> path) {
        if (from == start && to == end) {
            if (!known) {
                path.add(root(start, end, tree));
            }
            return;
        }
        long middle = start + split(end - start);
        if (to <= middle) {
            consistency(from, to, start, middle, known, tree, path);
            path.add(root(middle, end, tree));
        } else if (from >= middle) {
            consistency(from, to, middle, end, known, tree, path);
            path.add(root(start, middle, tree));
        } else {
            consistency(middle, to, middle, end, false, tree, path);
            path.add(root(start, middle, tree));
        }
    }

    /// The largest power of two below n; n > 1.
    private static long split(long n) {
        return Long.highestOneBit(n - 1);
    }

    // Checking

    /// The root that a tree of `size` must have if `leaf` stands at `index` and `path` is its path.
    ///
    /// @throws VerificationException where the index is not in the tree, or no path of such a length can belong
    /// to it
    public static Hash rootOf(long index, long size, Hash leaf, List<Hash> path) {
        if (Long.compareUnsigned(index, size) >= 0) {
            throw new VerificationException("index " + Long.toUnsignedString(index) + " is not in a tree of size "
                    + Long.toUnsignedString(size));
        }
        return climb(index, size - 1, leaf, path);
    }

    public static void checkInclusion(long index, long size, Hash leaf, List<Hash> path, Hash root) {
        require(
                rootOf(index, size, leaf, path).equals(root),
                "the leaf and its path do not lead to the root of the tree");
    }

    /// @param index of the leaf in the log, not in the subtree
    public static void checkInclusion(long index, Subtree subtree, Hash leaf, List<Hash> path, Hash root) {
        require(subtree.holds(index), "index " + index + " is not in the subtree " + subtree);
        require(
                climb(index - subtree.start(), subtree.size() - 1, leaf, path).equals(root),
                "the leaf and its path do not lead to the root of the subtree " + subtree);
    }

    /// That the tree of `oldSize` and `oldRoot` is the beginning of the tree of `newSize` and `newRoot`.
    ///
    /// Equal sizes need an empty path and equal roots. An old size of 0 is refused: it proves nothing, and who
    /// means to accept a first checkpoint should say so.
    public static void checkConsistency(long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> path) {
        require(
                Long.compareUnsigned(oldSize, newSize) <= 0,
                "the old tree (" + Long.toUnsignedString(oldSize) + ") is larger than the new one ("
                        + Long.toUnsignedString(newSize) + ")");
        require(oldSize != 0, "nothing follows from an empty tree");
        if (oldSize == newSize) {
            require(path.isEmpty(), "trees of equal size need no path");
            require(oldRoot.equals(newRoot), "two trees of the same size have different roots");
            return;
        }
        checkConsistency(0, oldSize - 1, newSize - 1, oldRoot, newRoot, path);
    }

    /// That the subtree with root `subtreeRoot` is part of the tree of `size` and `root`.
    ///
    /// An empty subtree is part of every tree that is large enough: the path must be empty and its root that of
    /// nothing; `root` is not looked at.
    public static void checkConsistency(Subtree subtree, Hash subtreeRoot, long size, Hash root, List<Hash> path) {
        require(subtree.end() <= size, "the subtree " + subtree + " is not in a tree of size " + size);
        if (subtree.size() == 0) {
            require(path.isEmpty(), "an empty subtree needs no path");
            require(subtreeRoot.equals(Hash.EMPTY_ROOT), "the root of an empty subtree is the hash of nothing");
            return;
        }
        checkConsistency(subtree.start(), subtree.end() - 1, size - 1, subtreeRoot, root, path);
    }

    /// RFC 9162 section 2.1.3.2; names as there, `fn` first node, `sn` second node.
    private static Hash climb(long index, long last, Hash leaf, List<Hash> path) {
        checkLength(path);
        long fn = index;
        long sn = last;
        var hash = leaf;
        for (var sibling : path) {
            if (sn == 0) {
                throw wrongLength(path, "many");
            }
            if (isOdd(fn) || fn == sn) {
                hash = Hash.node(sibling, hash);
                while (!isOdd(fn) && fn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                }
            } else {
                hash = Hash.node(hash, sibling);
            }
            fn >>>= 1;
            sn >>>= 1;
        }
        if (sn != 0) {
            throw wrongLength(path, "few");
        }
        return hash;
    }

    /// RFC 9162 section 2.1.4.2 widened to subtrees (draft-ietf-plants-merkle-tree-certs section 4.4.3): `fn`
    /// is the first node of the subtree, `sn` its last, `tn` the last of the tree, all on the same level. With
    /// `fn` = 0 this is the algorithm of RFC 9162.
    private static void checkConsistency(
            long first, long last, long treeLast, Hash subtreeRoot, Hash root, List<Hash> path) {
        checkLength(path);
        long fn = first;
        long sn = last;
        long tn = treeLast;
        while (fn != sn && (sn == tn || isOdd(sn))) {
            fn >>>= 1;
            sn >>>= 1;
            tn >>>= 1;
        }
        // Where the subtree is a perfect one (or ends with the tree), its root is a node of the tree and need not be
        // sent.
        boolean known = fn == sn;
        require(known || !path.isEmpty(), "the path is empty");
        var subtreeHash = known ? subtreeRoot : path.getFirst();
        var treeHash = subtreeHash;
        for (var hash : known ? path : path.subList(1, path.size())) {
            if (tn == 0) {
                throw wrongLength(path, "many");
            }
            if (isOdd(sn) || sn == tn) {
                if (Long.compareUnsigned(fn, sn) < 0) {
                    subtreeHash = Hash.node(hash, subtreeHash);
                }
                treeHash = Hash.node(hash, treeHash);
                while (!isOdd(sn) && sn != 0) {
                    fn >>>= 1;
                    sn >>>= 1;
                    tn >>>= 1;
                }
            } else {
                treeHash = Hash.node(treeHash, hash);
            }
            fn >>>= 1;
            sn >>>= 1;
            tn >>>= 1;
        }
        if (tn != 0) {
            throw wrongLength(path, "few");
        }
        require(subtreeHash.equals(subtreeRoot), "the path does not lead to the old root");
        require(treeHash.equals(root), "the path does not lead to the new root");
    }

    private static void checkLength(List<Hash> path) {
        require(path.size() <= LONGEST_PATH, "a path of that many hashes is longer than any tree is high");
    }

    private static VerificationException wrongLength(List<Hash> path, String manyOrFew) {
        return new VerificationException(
                "the path has " + path.size() + " hashes, too " + manyOrFew + " for this place in a tree of this size");
    }

    private static boolean isOdd(long n) {
        return (n & 1) == 1;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new VerificationException(otherwise);
        }
    }
}
