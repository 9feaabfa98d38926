package dk.elleve.kit.blob;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Azure Blob Storage, or Azurite on the local machine.
public final class AzureBlobStore implements BlobStore {

    private final BlobServiceClient client;

    /// @param connectionString as Azure gives it; holds the account's key
    public AzureBlobStore(String connectionString) {
        this.client = new BlobServiceClientBuilder()
                .connectionString(connectionString.strip())
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        5,
                        Duration.ofSeconds(20),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        null))
                .buildClient();
    }

    @Override
    public void put(String container, String name, byte[] bytes) {
        inContainer(container, () -> {
            upload(container, name, bytes, new BlobRequestConditions());
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String container, String name, byte[] bytes) {
        return inContainer(container, () -> {
            try {
                upload(container, name, bytes, new BlobRequestConditions().setIfNoneMatch("*"));
                return true;
            } catch (BlobStorageException refused) {
                if (BlobErrorCode.BLOB_ALREADY_EXISTS.equals(refused.getErrorCode())) {
                    return false;
                }
                throw refused;
            }
        });
    }

    @Override
    public Optional<byte[]> get(String container, String name) {
        return calling(() -> {
            try {
                var content = new Pieces();
                client.getBlobContainerClient(container).getBlobClient(name).downloadStream(content);
                return Optional.of(content.together());
            } catch (BlobStorageException refused) {
                if (refused.getStatusCode() == 404) {
                    return Optional.empty();
                }
                throw refused;
            }
        });
    }

    @Override
    public List<String> list(String container, String prefix) {
        return calling(() -> {
            try {
                return client
                        .getBlobContainerClient(container)
                        .listBlobs(new ListBlobsOptions().setPrefix(prefix), null)
                        .stream()
                        .map(BlobItem::getName)
                        .sorted()
                        .toList();
            } catch (BlobStorageException refused) {
                if (refused.getStatusCode() == 404) {
                    return List.of();
                }
                throw refused;
            }
        });
    }

    @Override
    public void delete(String container, String name) {
        calling(() ->
                client.getBlobContainerClient(container).getBlobClient(name).deleteIfExists());
    }

    /// In one request, which Azure takes up to 5 GB: nothing is cut, staged or copied on the way.
    private void upload(String container, String name, byte[] bytes, BlobRequestConditions conditions) {
        client.getBlobContainerClient(container)
                .getBlobClient(name)
                .getBlockBlobClient()
                .uploadWithResponse(
                        new BlockBlobSimpleUploadOptions(BinaryData.fromBytes(bytes)).setRequestConditions(conditions),
                        null,
                        Context.NONE);
    }

    private <T> T inContainer(String container, Supplier<T> write) {
        return calling(() -> {
            try {
                return write.get();
            } catch (BlobStorageException refused) {
                if (!BlobErrorCode.CONTAINER_NOT_FOUND.equals(refused.getErrorCode())) {
                    throw refused;
                }
                client.createBlobContainerIfNotExists(container);
                return write.get();
            }
        });
    }

    private static <T> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failed) {
            // The SDK's message repeats the address, which may carry a signature.
            throw new BlobStorageAway(
                    "Blob storage did not answer as expected ("
                            + failed.getClass().getSimpleName() + ")",
                    failed);
        }
    }
}
