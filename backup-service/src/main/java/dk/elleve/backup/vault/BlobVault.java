package dk.elleve.backup.vault;

import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.blob.BlobStore.BlobImmutable;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The vault in one container of the platform's blob storage.
public final class BlobVault implements Vault {

    private final BlobStore blobs;
    private final String container;

    public BlobVault(BlobStore blobs, String container) {
        this.blobs = blobs;
        this.container = container;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        return calling(name, () -> blobs.putIfAbsent(container, name, bytes));
    }

    @Override
    public Optional<byte[]> get(String name) {
        return calling(name, () -> blobs.get(container, name));
    }

    @Override
    public Optional<byte[]> get(String name, int from, int size) {
        return calling(name, () -> blobs.get(container, name, from, size));
    }

    @Override
    public List<String> list(String prefix) {
        return calling(prefix, () -> blobs.list(container, prefix));
    }

    @Override
    public void delete(String name) {
        calling(name, () -> {
            blobs.delete(container, name);
            return true;
        });
    }

    private static <T> T calling(String name, Supplier<T> call) {
        try {
            return call.get();
        } catch (BlobImmutable e) {
            throw new VaultException(
                    VaultProblem.IMMUTABLE, "the storage keeps '" + name + "' until its time is over", e);
        } catch (BlobStorageAway e) {
            throw new VaultException(
                    VaultProblem.UNREACHABLE, "the blob storage failed at '" + name + "': " + e.getMessage(), e);
        }
    }
}
