package dk.elleve.tlog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/// A tree of leaf hashes in an array, and the definitions of RFC 6962 written down as they stand there: slow,
/// and plain enough to be believed. Shares nothing with the code under test but [Hash].
final class MemoryTree implements HashReader {

    private final List<Hash> leaves;

    MemoryTree(List<Hash> leaves) {
        this.leaves = leaves;
    }

    static MemoryTree of(long size, LongFunction<byte[]> entry) {
        return new MemoryTree(LongStream.range(0, size)
                .mapToObj(index -> Hash.leaf(entry.apply(index)))
                .toList());
    }

    static MemoryTree ofSize(long size) {
        return of(size, index -> ("entry " + index).getBytes(StandardCharsets.UTF_8));
    }

    Hash leaf(long index) {
        return leaves.get((int) index);
    }

    @Override
    public Hash hash(int level, long index) {
        return naiveRoot(index << level, (index + 1) << level);
    }

    Hash naiveRoot(long start, long end) {
        return mth(leaves.subList((int) start, (int) end));
    }

    List<Hash> naivePath(int index, int start, int end) {
        return path(index - start, leaves.subList(start, end));
    }

    List<Hash> naiveProof(int oldSize, int size) {
        return oldSize == 0 ? List.of() : subproof(oldSize, leaves.subList(0, size), true);
    }

    private static Hash mth(List<Hash> d) {
        if (d.isEmpty()) {
            return Hash.sha256();
        }
        if (d.size() == 1) {
            return d.getFirst();
        }
        int k = k(d.size());
        return Hash.node(mth(d.subList(0, k)), mth(d.subList(k, d.size())));
    }

    private static List<Hash> path(int m, List<Hash> d) {
        if (d.size() == 1) {
            return List.of();
        }
        int k = k(d.size());
        return m < k
                ? plus(path(m, d.subList(0, k)), mth(d.subList(k, d.size())))
                : plus(path(m - k, d.subList(k, d.size())), mth(d.subList(0, k)));
    }

    private static List<Hash> subproof(int m, List<Hash> d, boolean b) {
        if (m == d.size()) {
            return b ? List.of() : List.of(mth(d));
        }
        int k = k(d.size());
        return m <= k
                ? plus(subproof(m, d.subList(0, k), b), mth(d.subList(k, d.size())))
                : plus(subproof(m - k, d.subList(k, d.size()), false), mth(d.subList(0, k)));
    }

    private static int k(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }

    private static List<Hash> plus(List<Hash> hashes, Hash hash) {
        var more = new ArrayList<>(hashes);
        more.add(hash);
        return more;
    }
}
