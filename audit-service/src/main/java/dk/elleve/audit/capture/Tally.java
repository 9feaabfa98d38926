package dk.elleve.audit.capture;

import dk.elleve.audit.capture.FingerprintStore.Kept;
import dk.elleve.audit.capture.FingerprintStore.Known;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps count of a source's tables while its changes are taken over, and makes the cut that a comparison asked for:
/// before the first transaction that committed behind its position. For one batch, within its transaction.
final class Tally {

    private final FingerprintStore store;
    private final SourceId source;
    private final Known known;
    private final Set<String> changed = new HashSet<>();
    private @Nullable Long cut;

    Tally(FingerprintStore store, SourceId source, Collection<RowTransaction> batch) {
        this.store = store;
        this.source = source;
        this.cut = store.wanted(source).orElse(null);
        this.known = known(store, source, batch);
    }

    private static Known known(FingerprintStore store, SourceId source, Collection<RowTransaction> batch) {
        if (batch.stream().anyMatch(each -> each.footprint().isEverythingRestructured())) {
            return store.all(source);
        }
        var names = new HashSet<String>();
        batch.forEach(each -> {
            names.addAll(each.footprint().steps().keySet());
            names.addAll(each.footprint().restructuredTables());
        });
        return names.isEmpty() ? new Known(false, Map.of()) : store.some(source, names);
    }

    void take(RowTransaction transaction) {
        // One whose commit record ends at the position is before it: a snapshot of there shows what it did.
        if (cut != null && transaction.commitLsn() > cut) {
            makeCut();
        }
        var footprint = transaction.footprint();
        var restructured = new HashSet<>(footprint.restructuredTables());
        if (footprint.isEverythingRestructured()) {
            restructured.addAll(known.tables().keySet());
        }
        // A table that had no rows, and got none meanwhile, has none that could have changed.
        restructured.removeIf(table -> known.of(table).isKnown()
                && known.of(table).now().isEmpty()
                && !footprint.steps().containsKey(table));
        footprint.steps().forEach((table, step) -> {
            var before = known.of(table);
            put(table, new Kept(step.on(before.now()), step.emptied() ? null : before.unknownSince()));
        });
        restructured.forEach(table -> put(table, new Kept(known.of(table).now(), transaction.commitLsn())));
    }

    /// @param taken everything that committed before this position has been taken over
    void end(long taken) {
        if (cut != null && taken >= cut) {
            makeCut();
        }
        save();
    }

    private void makeCut() {
        save();
        store.cut(source);
        cut = null;
    }

    private void save() {
        if (!changed.isEmpty()) {
            var now = new HashMap<String, Kept>();
            changed.forEach(table -> now.put(table, known.of(table)));
            store.save(source, now);
            changed.clear();
        }
    }

    private void put(String table, Kept kept) {
        known.tables().put(table, kept);
        changed.add(table);
    }
}
