package dk.elleve.backup.vault;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// By which master keys the data keys of a cluster are wrapped. One may be wrapped by several.
///
/// @param current fingerprint of the current master key
/// @param keys how many data keys there are
/// @param byCurrent how many of them the current master key wraps
/// @param byOthers how many of them another one wraps, by its fingerprint
public record KeyStatus(String current, int keys, int byCurrent, SortedMap<String, Integer> byOthers) {

    public KeyStatus {
        byOthers = Collections.unmodifiableSortedMap(new TreeMap<>(byOthers));
    }

    /// Whether the current master key is all that is needed, and all that opens anything.
    public boolean isSettled() {
        return byCurrent == keys && byOthers.isEmpty();
    }

    /// Whether every backup can be restored with the current master key alone.
    public boolean isComplete() {
        return byCurrent == keys;
    }

    static KeyStatus of(String current, Collection<List<Wrapping>> keys) {
        var byCurrent = 0;
        var byOthers = new TreeMap<String, Integer>();
        for (var wrappings : keys) {
            var masters = new TreeSet<String>();
            wrappings.forEach(wrapping -> masters.add(wrapping.fingerprint()));
            byCurrent += masters.remove(current) ? 1 : 0;
            masters.forEach(master -> byOthers.merge(master, 1, Integer::sum));
        }
        return new KeyStatus(current, keys.size(), byCurrent, byOthers);
    }
}
