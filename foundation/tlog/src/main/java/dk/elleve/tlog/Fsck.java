package dk.elleve.tlog;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Recomputes a whole log from its entries: every leaf hash, every hash of every tile, the root, and the chain
/// of every tenant. Nothing stored is believed but the root that was signed.
///
/// Bundles are read and hashed side by side and taken in order, so the first thing that is wrong is the one
/// reported.
final class Fsck {

    /// Reads under way at once: enough to hide a network's latency, small enough for memory (a bundle of audit
    /// leaves has 42 KB).
    private static final int WINDOW = 32;

    private final TileSource source;
    private final Checkpoint checkpoint;
    private final long size;
    private final LongConsumer progress;
    private final CompactRange range = CompactRange.empty();
    private final TenantChains chains = new TenantChains();
    private final List<Level> levels = new ArrayList<>();
    private long entryBytes;
    private long auditLeaves;
    private @Nullable VerificationException brokenChain;

    private Fsck(TileSource source, Checkpoint checkpoint, LongConsumer progress) {
        if (checkpoint.size() < 0) {
            throw new VerificationException(
                    "the log claims " + Long.toUnsignedString(checkpoint.size()) + " entries, more than can be read");
        }
        this.source = source;
        this.checkpoint = checkpoint;
        this.size = checkpoint.size();
        this.progress = progress;
    }

    /// What was looked at.
    record Report(long entries, long entryBytes, long auditLeaves, int tenants) {}

    /// @param progress told how many entries are done, now and then
    /// @throws VerificationException naming the first thing that is wrong
    /// @throws UncheckedIOException when something could not be read
    static Report check(TileSource source, Checkpoint checkpoint, LongConsumer progress) {
        return new Fsck(source, checkpoint, progress).run();
    }

    private Report run() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                return run(threads);
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private Report run(ExecutorService threads) {
        long bundles = size / Tile.FULL + (size % Tile.FULL == 0 ? 0 : 1);
        var underWay = new ArrayDeque<Future<Bundle>>();
        long asked = 0;
        for (long number = 0; number < bundles; number++) {
            for (; asked < bundles && underWay.size() < WINDOW; asked++) {
                long wanted = asked;
                underWay.add(threads.submit(() -> read(wanted)));
            }
            take(number, result(underWay.remove()));
            progress.accept(range.size());
        }
        for (int level = 1; level < levels.size(); level++) {
            levels.get(level).compareRest();
        }
        if (!range.root().equals(checkpoint.root())) {
            throw new VerificationException("the root computed from all " + size + " entries is " + range.root()
                    + ", the signed checkpoint says " + checkpoint.root());
        }
        if (brokenChain != null) {
            throw brokenChain;
        }
        return new Report(size, entryBytes, auditLeaves, chains.tenants());
    }

    /// One bundle read and hashed, and its tile of level 0 beside it.
    ///
    /// @param root of all its entries, if they are 256
    private record Bundle(
            int width,
            long length,
            byte[] computed,
            byte[] stored,
            @Nullable Hash root,
            @Nullable Link[] links) {}

    /// What a chain needs to know of an audit leaf.
    private record Link(
            Hash tenant,
            long sequence,
            long previous,
            @Nullable String damage) {}

    private Bundle read(long number) {
        var tile = Tile.at(Tile.ENTRIES, number, size);
        byte[] bytes = TileReader.read(source, tile);
        byte[] stored = TileReader.read(source, Tile.at(0, number, size));
        byte[] computed = new byte[stored.length];
        var links = new @Nullable Link[tile.width()];
        int start = 0;
        int[] ends = EntryBundle.ends(bytes);
        for (int i = 0; i < tile.width(); i++) {
            Hash.leaf(bytes, start + 2, ends[i] - start - 2).copyTo(computed, i * Hash.LENGTH);
            links[i] = link(bytes, start + 2, ends[i]);
            start = ends[i];
        }
        var root = tile.isFull() ? TileReader.perfectRoot(computed, 0, Tile.FULL) : null;
        return new Bundle(tile.width(), bytes.length, computed, stored, root, links);
    }

    private static @Nullable Link link(byte[] bundle, int start, int end) {
        byte[] entry = Arrays.copyOfRange(bundle, start, end);
        if (!AuditLeaf.isLike(entry)) {
            return null;
        }
        try {
            var leaf = AuditLeaf.parse(entry);
            return new Link(leaf.tenant(), leaf.sequence(), leaf.previous(), null);
        } catch (MalformedException e) {
            return new Link(Hash.EMPTY_ROOT, 0, 0, e.getMessage());
        }
    }

    private void take(long number, Bundle bundle) {
        long first = range.size();
        compare(Tile.at(0, number, size), bundle.stored(), bundle.computed());
        entryBytes += bundle.length() - 2L * bundle.width();
        for (int i = 0; i < bundle.width(); i++) {
            var link = bundle.links()[i];
            if (link != null && brokenChain == null) {
                brokenChain = chain(first + i, link);
            }
        }
        var root = bundle.root();
        if (root != null) {
            range.append(root, Tile.HEIGHT);
            level(1).add(root);
        } else {
            for (int i = 0; i < bundle.width(); i++) {
                range.append(Hash.at(bundle.computed(), i * Hash.LENGTH));
            }
        }
    }

    /// What is wrong with the leaf or its place in the tenant's chain, or null. Told only after all hashes were
    /// compared: where entries were changed, that is the better explanation.
    private @Nullable VerificationException chain(long index, Link link) {
        auditLeaves++;
        try {
            if (link.damage() != null) {
                throw new VerificationException("entry " + index + " was logged damaged: " + link.damage());
            }
            chains.add(index, link.tenant(), link.sequence(), link.previous());
            return null;
        } catch (VerificationException e) {
            return e;
        }
    }

    private void compare(Tile tile, byte[] stored, byte[] computed) {
        int at = Arrays.mismatch(stored, computed);
        if (at >= 0) {
            int place = at / Hash.LENGTH;
            throw new VerificationException(
                    explain(tile, place, Hash.at(stored, place * Hash.LENGTH), Hash.at(computed, place * Hash.LENGTH)));
        }
    }

    /// Entry and tile disagree. The signed root tells which is right: with its siblings, only the true hash
    /// leads there.
    private String explain(Tile tile, int place, Hash stored, Hash computed) {
        long index = tile.index() * Tile.FULL + place;
        String below = tile.level() == 0
                ? "entry " + place + " of " + Tile.at(Tile.ENTRIES, tile.index(), size) + " (index " + index + ")"
                : "the entries under hash " + place + " of " + tile + " (from index "
                        + (index << tile.level() * Tile.HEIGHT) + ")";
        String differs = tile + (tile.level() == 0 ? " entry " : " hash ") + place + " differs: ";
        if (leadsToRoot(tile.level(), index, stored)) {
            return differs + below
                    + " changed; the tile's hash leads to the signed root, the hash of what is there does not";
        }
        if (leadsToRoot(tile.level(), index, computed)) {
            return differs + "the tile was changed; " + below + " leads to the signed root";
        }
        return differs + "neither the tile's hash nor " + below + " leads to the signed root";
    }

    private boolean leadsToRoot(int level, long index, Hash hash) {
        try {
            int height = level * Tile.HEIGHT;
            var subtree = new Subtree(index << height, (index + 1) << height);
            var path = Proofs.consistency(subtree, size, new TileReader(source, size));
            Proofs.checkConsistency(subtree, hash, size, checkpoint.root(), path);
            return true;
        } catch (TlogException | UncheckedIOException e) {
            return false;
        }
    }

    private static Bundle result(Future<Bundle> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case TlogException wrong -> throw wrong;
                case UncheckedIOException unreadable -> throw unreadable;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Level level(int number) {
        while (levels.size() <= number) {
            levels.add(new Level(levels.size()));
        }
        return Objects.requireNonNull(levels.get(number));
    }

    /// The hashes of one level computed so far, tile by tile.
    private final class Level {
        private final int number;
        private final byte[] hashes = new byte[Tile.FULL * Hash.LENGTH];
        private long index;
        private int width;

        Level(int number) {
            this.number = number;
        }

        void add(Hash hash) {
            hash.copyTo(hashes, width * Hash.LENGTH);
            width++;
            if (width == Tile.FULL) {
                compareRest();
                level(number + 1).add(TileReader.perfectRoot(hashes, 0, Tile.FULL));
                index++;
                width = 0;
            }
        }

        void compareRest() {
            if (width > 0) {
                var tile = new Tile(number, index, width);
                compare(tile, TileReader.read(source, tile), Arrays.copyOf(hashes, width * Hash.LENGTH));
            }
        }
    }
}
