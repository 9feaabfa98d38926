package dk.elleve.backup.restore;

/// Hears how far a restore is.
@FunctionalInterface
public interface RestoreProgress {

    RestoreProgress NONE = (phase, done, total) -> {};

    /// @param phase what is being done
    /// @param done bytes so far
    /// @param total bytes in all, as far as known
    void moved(String phase, long done, long total);
}
