package dk.elleve.backup.wal;

/// Hears what happens to the WAL stream. Called from the stream's own threads; must not block for long.
public interface WalEvents {

    WalEvents NONE = new WalEvents() {};

    default void streaming(int timeline, String from) {}

    /// The stream broke and is going to be tried again; nothing is lost.
    default void interrupted(RuntimeException reason) {}

    /// WAL was lost. Point-in-time restore cannot cross it, so a new full backup is due.
    default void lost(Gap gap) {}
}
