package dk.elleve.kit.blob;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Blob storage, exactly as big as the platform needs. What a write returned from is durable and is
/// seen by every later read and list. Containers are made on first write. Every method may be called by
/// many threads at once and retries by itself for about half a minute before it throws
/// [BlobStorageAway].
///
/// Think before adding a method.
public interface BlobStore {

    /// Writes the whole blob, replacing any of that name.
    void put(String container, String name, byte[] bytes);

    /// Writes the blob only if there is none of that name. One of several at once wins. A retry after a
    /// lost answer may say false though this very call wrote it: compare the content where that
    /// matters.
    ///
    /// @return whether this call wrote it
    boolean putIfAbsent(String container, String name, byte[] bytes);

    /// The blob's bytes; empty if the container or the blob does not exist.
    Optional<byte[]> get(String container, String name);

    /// A stretch of the blob: so many bytes from an offset on, fewer or none when it ends before.
    default Optional<byte[]> get(String container, String name, int from, int size) {
        return get(container, name)
                .map(bytes ->
                        Arrays.copyOfRange(bytes, Math.min(from, bytes.length), Math.min(from + size, bytes.length)));
    }

    /// The names that start with the prefix, in lexical order; empty if the container does not exist.
    List<String> list(String container, String prefix);

    /// Deletes the blob; one that does not exist is fine.
    ///
    /// @throws BlobImmutable if a policy or a legal hold keeps it
    void delete(String container, String name);

    /// Blob storage could not be reached or refused; nothing is known about the effect of the call.
    class BlobStorageAway extends RuntimeException {
        public BlobStorageAway(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// A policy or a legal hold keeps the blob as it is; asking again changes nothing before its time
    /// is over.
    final class BlobImmutable extends BlobStorageAway {
        public BlobImmutable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
