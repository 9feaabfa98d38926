package dk.elleve.backup.vault;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A place for named objects. Names are paths with `/`.
///
/// - An object appears whole or not at all, and is durable when the call that wrote it returns.
/// - An object is never changed, only written once and deleted.
/// - A call that fails with [VaultException] may or may not have had its effect; every call may be repeated.
/// - Any number of threads and processes may call at once.
public interface Vault {

    /// Writes the object unless the name is taken. Answers whether it was written by this call.
    boolean putIfAbsent(String name, byte[] bytes);

    Optional<byte[]> get(String name);

    /// A stretch of an object: so many bytes from an offset on, fewer or none when it ends before.
    default Optional<byte[]> get(String name, int from, int size) {
        return get(name)
                .map(bytes ->
                        Arrays.copyOfRange(bytes, Math.min(from, bytes.length), Math.min(from + size, bytes.length)));
    }

    /// Names that begin with `prefix`, in the order of their characters.
    List<String> list(String prefix);

    /// Deleting what is not there is no error. Fails with [VaultProblem#IMMUTABLE] when the storage
    /// keeps the object, now and until its time is over.
    void delete(String name);
}
