package dk.elleve.audit.capture;

import dk.elleve.audit.capture.FingerprintStore.Kept;
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
    private final boolean compared;
    private final Map<String, Kept> tables = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private @Nullable Long cut;

    Tally(FingerprintStore store, SourceId source, Collection<RowTransaction> batch) {
        this.store = store;
        this.source = source;
        this.cut = store.wanted(source).orElse(null);
        this.compared = !batch.isEmpty() && store.isCompared(source);
        if (batch.stream().anyMatch(each -> each.footprint().isEverythingRestructured())) {
            tables.putAll(store.all(source));
        } else {
            var names = new HashSet<String>();
            batch.forEach(each -> {
                names.addAll(each.footprint().steps().keySet());
                names.addAll(each.footprint().restructuredTables());
            });
            if (!names.isEmpty()) {
                tables.putAll(store.some(source, names));
            }
        }
    }

    void take(RowTransaction transaction) {
        if (cut != null && transaction.commitLsn() >= cut) {
            makeCut();
        }
        var footprint = transaction.footprint();
        var restructured = new HashSet<>(footprint.restructuredTables());
        if (footprint.isEverythingRestructured()) {
            restructured.addAll(tables.keySet());
        }
        // A table that had no rows, and got none meanwhile, has none that could have changed.
        restructured.removeIf(table -> kept(table).isKnown()
                && kept(table).now().isEmpty()
                && !footprint.steps().containsKey(table));
        footprint.steps().forEach((table, step) -> {
            var before = kept(table);
            put(table, new Kept(step.on(before.now()), step.emptied() ? null : before.unknownSince()));
        });
        restructured.forEach(table -> put(table, new Kept(kept(table).now(), transaction.commitLsn())));
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
            changed.forEach(table -> now.put(table, kept(table)));
            store.save(source, now);
            changed.clear();
        }
    }

    private Kept kept(String table) {
        return tables.getOrDefault(table, compared ? Kept.NOTHING : Kept.UNKNOWN);
    }

    private void put(String table, Kept kept) {
        tables.put(table, kept);
        changed.add(table);
    }
}
