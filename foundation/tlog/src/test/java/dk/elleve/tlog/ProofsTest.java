package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ProofsTest {

    private static final int LARGEST = 600;

    /// Every perfect subtree of a tree of [#LARGEST] leaves, hashed once.
    private static final class Stored implements HashReader {
        private final List<List<Hash>> levels = new ArrayList<>();

        Stored(MemoryTree tree) {
            var level = new ArrayList<Hash>();
            for (int i = 0; i < LARGEST; i++) {
                level.add(tree.leaf(i));
            }
            while (!level.isEmpty()) {
                levels.add(List.copyOf(level));
                var above = new ArrayList<Hash>();
                for (int i = 0; i + 1 < level.size(); i += 2) {
                    above.add(Hash.node(level.get(i), level.get(i + 1)));
                }
                level = above;
            }
        }

        @Override
        public Hash hash(int level, long index) {
            return levels.get(level).get((int) index);
        }
    }

    private final MemoryTree tree = MemoryTree.ofSize(LARGEST);
    private final Stored stored = new Stored(tree);

    @Test
    void the_proofs_of_the_seven_leaf_example_are_those_of_rfc_9162() {
        var a = tree.leaf(0);
        var b = tree.leaf(1);
        var c = tree.leaf(2);
        var d = tree.leaf(3);
        var e = tree.leaf(4);
        var f = tree.leaf(5);
        var g = tree.leaf(6);
        var h = Hash.node(a, b);
        var i = Hash.node(c, d);
        var j = Hash.node(e, f);
        var k = Hash.node(h, i);
        var l = Hash.node(j, g);

        assertThat(Proofs.root(7, stored)).isEqualTo(Hash.node(k, l));
        assertThat(Proofs.inclusion(0, 7, stored)).containsExactly(b, i, l);
        assertThat(Proofs.inclusion(3, 7, stored)).containsExactly(c, h, l);
        assertThat(Proofs.inclusion(4, 7, stored)).containsExactly(f, g, k);
        assertThat(Proofs.inclusion(6, 7, stored)).containsExactly(j, k);
        assertThat(Proofs.consistency(3, 7, stored)).containsExactly(c, d, h, l);
        assertThat(Proofs.consistency(4, 7, stored)).containsExactly(l);
        assertThat(Proofs.consistency(6, 7, stored)).containsExactly(j, g, k);
    }

    @Test
    void the_first_hashes_are_the_known_ones() {
        assertThat(Hash.EMPTY_ROOT.hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(Hash.leaf(new byte[0]).hex())
                .isEqualTo("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        assertThat(Hash.node(Hash.leaf(new byte[0]), Hash.leaf(new byte[] {0})).hex())
                .isEqualTo("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    }

    @Test
    void proofs_are_those_of_the_plain_definitions() {
        for (int size = 1; size <= 70; size++) {
            assertThat(Proofs.root(size, stored)).isEqualTo(tree.naiveRoot(0, size));
            for (int index = 0; index < size; index++) {
                assertThat(Proofs.inclusion(index, size, stored)).isEqualTo(tree.naivePath(index, 0, size));
            }
            for (int old = 0; old <= size; old++) {
                assertThat(Proofs.consistency(old, size, stored)).isEqualTo(tree.naiveProof(old, size));
            }
        }
    }

    @Test
    void every_proof_of_every_tree_up_to_600_leaves_holds() {
        var roots = new ArrayList<Hash>();
        for (int size = 0; size <= LARGEST; size++) {
            roots.add(Proofs.root(size, stored));
        }
        for (int size = 1; size <= LARGEST; size++) {
            for (int other = 0; other < size; other++) {
                Proofs.checkInclusion(
                        other, size, tree.leaf(other), Proofs.inclusion(other, size, stored), roots.get(size));
                if (other > 0) {
                    Proofs.checkConsistency(
                            other, roots.get(other), size, roots.get(size), Proofs.consistency(other, size, stored));
                }
            }
        }
    }

    @Test
    void a_grown_compact_range_has_the_root_and_edge_of_the_tree_at_every_size() {
        var range = CompactRange.empty();
        for (int size = 0; size < LARGEST; size++) {
            assertThat(range.root()).isEqualTo(Proofs.root(size, stored));
            assertThat(range.edge()).isEqualTo(Proofs.edge(size, stored));
            assertThat(CompactRange.of(size, range.edge()).root()).isEqualTo(range.root());
            assertThat(range.append(tree.leaf(size))).isEqualTo(size);
        }
        var byEights = CompactRange.empty();
        for (int i = 0; i < LARGEST / 8; i++) {
            byEights.append(stored.hash(3, i), 3);
        }
        assertThat(byEights.root()).isEqualTo(Proofs.root(LARGEST, stored));
    }

    @Test
    void no_changed_inclusion_proof_holds() {
        var random = new Random(11);
        for (int round = 0; round < 400; round++) {
            int size = 2 + random.nextInt(LARGEST - 1);
            int index = random.nextInt(size);
            var path = Proofs.inclusion(index, size, stored);
            var root = Proofs.root(size, stored);
            for (var changed : changes(path, random)) {
                assertRefused(() -> Proofs.checkInclusion(index, size, tree.leaf(index), changed, root));
            }
            assertRefused(() -> Proofs.checkInclusion(index, size, flip(tree.leaf(index), random), path, root));
            assertRefused(() -> Proofs.checkInclusion(index, size, tree.leaf(index), path, flip(root, random)));
            for (int other = 0; other < Math.min(size + 2, 40); other++) {
                int wrong = other;
                if (wrong != index) {
                    assertRefused(() -> Proofs.checkInclusion(wrong, size, tree.leaf(index), path, root));
                }
            }
        }
    }

    @Test
    void no_changed_consistency_proof_holds() {
        var random = new Random(12);
        for (int round = 0; round < 400; round++) {
            int size = 2 + random.nextInt(LARGEST - 1);
            int old = 1 + random.nextInt(size - 1);
            var path = Proofs.consistency(old, size, stored);
            var oldRoot = Proofs.root(old, stored);
            var root = Proofs.root(size, stored);
            for (var changed : changes(path, random)) {
                assertRefused(() -> Proofs.checkConsistency(old, oldRoot, size, root, changed));
            }
            assertRefused(() -> Proofs.checkConsistency(old, flip(oldRoot, random), size, root, path));
            assertRefused(() -> Proofs.checkConsistency(old, oldRoot, size, flip(root, random), path));
            assertRefused(() -> Proofs.checkConsistency(old, root, size, oldRoot, path));
            assertRefused(() -> Proofs.checkConsistency(size, root, old, oldRoot, path));
        }
    }

    @Test
    void sizes_are_unsigned_and_paths_end_at_63_hashes() {
        var leaf = tree.leaf(0);
        var zeros = new ArrayList<Hash>();
        for (int i = 0; i < 63; i++) {
            zeros.add(tree.leaf(1));
        }
        // A leaf at the left of a tree of 2^63 leaves, which a signed number cannot hold.
        var root = Proofs.rootOf(0, Long.MIN_VALUE, leaf, zeros);
        Proofs.checkInclusion(0, Long.MIN_VALUE, leaf, zeros, root);
        Proofs.checkConsistency(1, leaf, Long.MIN_VALUE, root, zeros);
        assertRefused(() -> Proofs.rootOf(-1, Long.MIN_VALUE, leaf, zeros));

        zeros.add(leaf);
        assertThatThrownBy(() -> Proofs.rootOf(0, -1, leaf, zeros))
                .hasMessageContaining("longer than any tree is high");
    }

    @Test
    void an_old_empty_tree_proves_nothing_and_equal_trees_need_no_path() {
        var root = Proofs.root(5, stored);
        assertRefused(() -> Proofs.checkConsistency(0, Hash.EMPTY_ROOT, 5, root, List.of()));
        assertRefused(() -> Proofs.checkConsistency(5, root, 5, tree.leaf(1), List.of()));
        assertRefused(() -> Proofs.checkConsistency(5, root, 5, root, List.of(root)));
        Proofs.checkConsistency(5, root, 5, root, List.of());
    }

    private static List<List<Hash>> changes(List<Hash> path, Random random) {
        var changes = new ArrayList<List<Hash>>();
        for (int i = 0; i < path.size(); i++) {
            int at = i;
            changes.add(with(path, hashes -> {
                hashes.set(at, flip(hashes.get(at), random));
                return hashes;
            }));
            changes.add(with(path, hashes -> {
                hashes.remove(at);
                return hashes;
            }));
            changes.add(with(path, hashes -> {
                hashes.add(at, hashes.get(at));
                return hashes;
            }));
            if (i > 0) {
                changes.add(with(path, hashes -> {
                    hashes.add(at, hashes.remove(at - 1));
                    return hashes;
                }));
            }
        }
        changes.add(with(path, hashes -> {
            hashes.add(Hash.EMPTY_ROOT);
            return hashes;
        }));
        return changes;
    }

    private static List<Hash> with(List<Hash> path, UnaryOperator<List<Hash>> change) {
        return change.apply(new ArrayList<>(path));
    }

    private static Hash flip(Hash hash, Random random) {
        byte[] bytes = hash.bytes();
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return Hash.of(bytes);
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(VerificationException.class);
    }
}
