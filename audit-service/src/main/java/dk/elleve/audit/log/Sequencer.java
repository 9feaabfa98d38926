package dk.elleve.audit.log;

import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.CompactRange;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Gives every entry its place. Deciding and storing are two steps: the leaves are decided in one database
/// transaction, and only what is decided is written as tiles. Whoever writes a tile, and how often, writes the same
/// bytes.
///
/// For use by one thread of each instance; several instances do not harm each other.
@Component
public final class Sequencer {

    private static final Actor ACTOR = Actor.system("audit/sequencer");

    /// What one round takes, and the rest of what came together: a second's worth of a busy log, some megabytes.
    private static final int BATCH = 8192;

    private final LogStore store;
    private final LogTiles tiles;
    private final Transactions transactions;
    private final PartialTiles partial;
    private @Nullable TileWriter writer;

    /// Whether the last round decided a tile's worth of entries.
    private boolean busy;

    Sequencer(LogStore store, LogTiles tiles, Transactions transactions) {
        this.store = store;
        this.tiles = tiles;
        this.transactions = transactions;
        this.partial = new PartialTiles(tiles);
    }

    /// Gives indexes to entries that wait.
    ///
    /// @return whether there may be more of them
    public boolean sequence() {
        if (!transactions.read(Scope.platform(), store::isAnyWaiting)) {
            return false;
        }
        return transactions.write(Scope.platform(), ACTOR, () -> {
            store.lead();
            var together = store.waiting(BATCH);
            if (together.isEmpty()) {
                return false;
            }
            var ids = together.stream().flatMap(each -> each.entries().stream()).toList();
            var waiting = store.entries(ids);
            if (waiting.size() != ids.size()) {
                throw new LogDamaged("Of " + ids.size() + " entries that wait " + waiting.size() + " are there");
            }
            var tree = store.tree();
            var range = CompactRange.of(tree.head().size(), tree.edge());
            var links = new HashMap<>(store.links(
                    waiting.stream().map(LogStore.Waiting::pseudonym).collect(Collectors.toSet())));
            var leaves = new ArrayList<LogStore.NewLeaf>(waiting.size());
            for (var entry : waiting) {
                var last = links.get(entry.pseudonym());
                long sequence = last == null ? 1 : last.sequence() + 1;
                var bytes = new AuditLeaf(
                                entry.kind().leaf(),
                                entry.flags(),
                                entry.pseudonym(),
                                sequence,
                                last == null ? AuditLeaf.NONE : last.index(),
                                entry.time(),
                                entry.eventId(),
                                entry.keyId(),
                                entry.ciphertextHash(),
                                entry.commitment())
                        .bytes();
                long index = range.append(Hash.leaf(bytes));
                links.put(entry.pseudonym(), new LogStore.Link(sequence, index));
                leaves.add(new LogStore.NewLeaf(index, entry.id(), bytes));
            }
            store.append(leaves, together);
            store.link(links);
            store.grown(new TreeHead(range.size(), range.root()), range.edge());
            return ids.size() >= BATCH || together.size() == LogStore.AT_ONCE;
        });
    }

    /// Writes the tiles of what is decided, and notes how far they are written.
    ///
    /// @throws LogDamaged if tiles and database do not belong together
    public void integrate() {
        var tree = transactions.read(Scope.platform(), store::tree);
        busy = tree.head().size() - tree.integrated().size() >= Tile.FULL;
        if (tree.integrated().size() == tree.head().size()) {
            return;
        }
        var current = Optional.ofNullable(writer)
                .filter(kept -> kept.size() == tree.integrated().size()
                        && kept.root().equals(tree.integrated().root()))
                .orElseGet(() -> resume(tree.integrated()));
        // Whatever fails below, the next round starts from what is stored.
        writer = null;
        while (current.size() < tree.head().size()) {
            long from = current.size();
            // To the end of a bundle, so that no partial one is written on the way.
            long to = Math.min(tree.head().size(), from - from % Tile.FULL + BATCH);
            var leaves = transactions.read(Scope.platform(), () -> store.leaves(from, to));
            if (leaves.size() != to - from) {
                throw new LogDamaged("The database lacks leaves between " + from + " and " + to);
            }
            leaves.forEach(current::append);
            var grown = current.flush();
            partial.mayStand(grown);
            tiles.write(grown);
        }
        var now = new TreeHead(current.size(), current.root());
        if (!now.equals(tree.head())) {
            throw new LogDamaged("The leaves of the database do not lead to its root at size " + now.size());
        }
        if (transactions.write(Scope.platform(), ACTOR, () -> store.integrated(tree.integrated(), now))) {
            writer = current;
        }
    }

    /// Takes away some partial tiles that nobody needs any more, mostly while the log is calm.
    public void tidy() {
        Optional.ofNullable(writer).ifPresent(current -> partial.tidy(current.size(), !busy));
    }

    /// Takes away all of them, for the next process does not look for all. What is interrupted leaves the rest for
    /// good.
    public void leave() {
        Optional.ofNullable(writer).ifPresent(current -> partial.tidyAll(current.size()));
    }

    /// How far the log's tiles are stored: what may be signed.
    public TreeHead integrated() {
        return transactions.read(Scope.platform(), store::tree).integrated();
    }

    /// @param entries that have their place in the log
    /// @param waiting that have none yet
    /// @param alarming changes without a known author, and holes, ever
    public record Extent(long entries, long waiting, long alarming) {}

    /// How much the log holds.
    public Extent extent() {
        return transactions.read(
                Scope.platform(),
                () -> new Extent(store.tree().head().size(), store.countWaiting(), store.countAlarming()));
    }

    /// The canonical leaf at an index, if the scope may see it.
    public Optional<byte[]> leaf(Scope scope, long index) {
        return transactions.read(scope, () -> store.leaf(index));
    }

    private TileWriter resume(TreeHead stored) {
        partial.find(stored.size());
        var resumed = stored.size() == 0 ? TileWriter.empty() : TileWriter.resume(stored.size(), tiles);
        if (!resumed.root().equals(stored.root())) {
            throw new LogDamaged("The stored tiles do not lead to the root of size " + stored.size());
        }
        return resumed;
    }
}
