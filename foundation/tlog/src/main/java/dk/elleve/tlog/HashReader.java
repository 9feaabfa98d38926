package dk.elleve.tlog;

/// Where stored hashes of a tree come from: tiles, a database, an array.
@FunctionalInterface
public interface HashReader {

    /// The root of the *perfect* subtree over the leaves `[index << level, (index + 1) << level)`; level 0 is
    /// the leaf hash itself.
    ///
    /// Called only for subtrees that lie whole inside the tree the caller asked about. What is read is not
    /// trusted: a wrong hash gives a proof that does not verify.
    ///
    /// @throws VerificationException when the hash ought to be there and is not
    /// @throws java.io.UncheckedIOException when it could not be read
    Hash hash(int level, long index);
}
