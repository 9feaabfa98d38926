package dk.elleve.kit.blob;

/// Asks blob storage about itself instead of about its blobs. Both calls are round trips, made in full
/// each time, and throw [BlobStore.BlobStorageAway] when there is no answer.
public interface BlobInspector {

    /// Where the storage is, as far as it and the name service tell.
    BlobPlace place();

    /// What keeps the blobs of a container from being deleted or replaced.
    BlobProtection protection(String container);
}
