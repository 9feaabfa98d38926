package dk.elleve.backup.vault;

/// Hears how far a rotation of the master key is.
@FunctionalInterface
public interface RewrapProgress {

    RewrapProgress NONE = (done, keys) -> {};

    /// @param done data keys that are wrapped by the current master key, out of `keys`
    void at(int done, int keys);
}
