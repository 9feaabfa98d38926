package dk.elleve.backup.vault;

/// Takes the content of an object piece by piece, so that it need not be in memory as a whole. Each
/// piece has been authenticated; of the whole it is known from the first one on where it ends.
@FunctionalInterface
public interface Content {

    Content NONE = (at, bytes, length) -> {};

    /// Whether a piece is to be unpacked and taken. One that is not is authenticated all the same.
    ///
    /// @param at where in the whole the piece belongs
    default boolean wants(int at) {
        return true;
    }

    /// The last piece comes first; the others follow in any order.
    ///
    /// @param at where in the whole the piece belongs: it never goes beyond what the object was
    ///     said to hold
    /// @param bytes the piece from their beginning on; good until the call returns
    void take(int at, byte[] bytes, int length);
}
