package dk.elleve.backup.vault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The master keys at hand: the current one, which wraps whatever is wrapped from now on, and those
/// that were it before.
public final class KeyRing {

    private final MasterKey current;
    private final List<MasterKey> former;

    private KeyRing(MasterKey current, List<MasterKey> former) {
        this.current = current;
        this.former = former;
    }

    /// A former key that is the current one, or is named twice, counts once.
    public static KeyRing of(MasterKey current, List<MasterKey> former) {
        var others = new ArrayList<MasterKey>();
        for (var key : former) {
            var known = Stream.concat(Stream.of(current), others.stream()).map(MasterKey::fingerprint);
            if (known.noneMatch(key.fingerprint()::equals)) {
                others.add(key);
            }
        }
        return new KeyRing(current, List.copyOf(others));
    }

    public static KeyRing of(MasterKey current) {
        return of(current, List.of());
    }

    MasterKey current() {
        return current;
    }

    /// The key with this fingerprint, when it is at hand.
    Optional<MasterKey> find(String fingerprint) {
        return Stream.concat(Stream.of(current), former.stream())
                .filter(key -> key.fingerprint().equals(fingerprint))
                .findFirst();
    }

    public boolean hasFormer() {
        return !former.isEmpty();
    }

    /// The current key's first.
    public List<String> fingerprints() {
        return Stream.concat(Stream.of(current), former.stream())
                .map(MasterKey::fingerprint)
                .toList();
    }

    @Override
    public String toString() {
        return "master keys " + fingerprints() + " (***)";
    }
}
