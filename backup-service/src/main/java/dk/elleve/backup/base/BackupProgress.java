package dk.elleve.backup.base;

/// Hears how far a backup is. Called often, from the thread that reads the stream.
@FunctionalInterface
public interface BackupProgress {

    BackupProgress NONE = (bytes, expected) -> {};

    void read(long bytes, long expected);
}
