package dk.elleve.backup.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The master keys at hand: the current one, which wraps whatever is wrapped from now on, and those
/// that were it before.
///
/// Where they are kept elsewhere, they are asked for at the first use and at [#look].
public final class KeyRing {

    /// @param missing why former keys are not at hand
    private record Keys(MasterKey current, List<MasterKey> former, List<String> missing) {

        static Keys of(List<MasterKey> keys, List<String> missing) {
            var distinct = new ArrayList<MasterKey>();
            for (var key : keys) {
                if (distinct.stream().map(MasterKey::fingerprint).noneMatch(key.fingerprint()::equals)) {
                    distinct.add(key);
                }
            }
            return new Keys(
                    distinct.getFirst(), List.copyOf(distinct.subList(1, distinct.size())), List.copyOf(missing));
        }

        Stream<MasterKey> all() {
            return Stream.concat(Stream.of(current), former.stream());
        }
    }

    private final KeySource current;
    private final List<KeySource> former;
    private volatile @Nullable Keys known;

    private KeyRing(KeySource current, List<KeySource> former) {
        this.current = current;
        this.former = former;
    }

    /// A former key that is the current one, or is named twice, counts once.
    public static KeyRing of(MasterKey current, List<MasterKey> former) {
        var ring = ofSources(
                () -> List.of(current),
                former.stream().map(key -> (KeySource) () -> List.of(key)).toList());
        ring.look();
        return ring;
    }

    public static KeyRing of(MasterKey current) {
        return of(current, List.of());
    }

    /// The first key of `current` is the current one. Nobody is asked yet.
    public static KeyRing ofSources(KeySource current, List<KeySource> former) {
        return new KeyRing(current, List.copyOf(former));
    }

    /// Asks for the keys anew; the current one may be another afterwards. When it fails, those that were
    /// known stay. That a former key is refused is told when it turns out to be needed.
    public void look() {
        var keys = new ArrayList<>(current.keys());
        var missing = new ArrayList<String>();
        for (var source : former) {
            try {
                keys.addAll(source.keys());
            } catch (VaultException e) {
                if (e.problem() != VaultProblem.KEY_UNUSABLE) {
                    throw e;
                }
                missing.add(String.valueOf(e.getMessage()));
            }
        }
        known = Keys.of(keys, missing);
    }

    MasterKey current() {
        return keys().current();
    }

    /// The key with this fingerprint, when it is at hand.
    Optional<MasterKey> find(String fingerprint) {
        return keys().all().filter(key -> key.fingerprint().equals(fingerprint)).findFirst();
    }

    public boolean hasFormer() {
        return !keys().former().isEmpty();
    }

    /// The current key's first.
    public List<String> fingerprints() {
        return keys().all().map(MasterKey::fingerprint).toList();
    }

    /// Why keys that were named are not at hand.
    List<String> missing() {
        return keys().missing();
    }

    private Keys keys() {
        var there = known;
        while (there == null) {
            look();
            there = known;
        }
        return there;
    }

    @Override
    public String toString() {
        var there = known;
        return "master keys "
                + (there == null
                        ? "not asked for yet"
                        : there.all().map(MasterKey::fingerprint).toList())
                + " (***)";
    }
}
