package dk.elleve.kit.blob;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobServiceAsyncClient;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobDownloadAsyncResponse;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobImmutabilityPolicyMode;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/// Azure Blob Storage, or Azurite on the local machine.
public final class AzureBlobStore implements BlobStore, BlobInspector {

    private final BlobServiceClient client;
    private final BlobServiceAsyncClient streams;
    private final Aliases aliases = new Aliases("dns:");

    /// @param connectionString as Azure gives it; holds the account's key
    public AzureBlobStore(String connectionString) {
        var builder = new BlobServiceClientBuilder()
                .connectionString(connectionString.strip())
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        5,
                        Duration.ofSeconds(20),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        null));
        this.client = builder.buildClient();
        this.streams = builder.buildAsyncClient();
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
        return download(container, name, null);
    }

    @Override
    public Optional<byte[]> get(String container, String name, int from, int size) {
        return download(container, name, new BlobRange(from, (long) size));
    }

    private Optional<byte[]> download(String container, String name, @Nullable BlobRange range) {
        return calling(() -> {
            try {
                return Optional.of(await(streams.getBlobContainerAsyncClient(container)
                        .getBlobAsyncClient(name)
                        .downloadStreamWithResponse(range, null, null, false)
                        .flatMap(AzureBlobStore::gather)));
            } catch (BlobStorageException refused) {
                if (refused.getStatusCode() == 404) {
                    return Optional.empty();
                }
                // The blob ends before the stretch begins.
                if (range != null && refused.getStatusCode() == 416) {
                    return Optional.of(new byte[0]);
                }
                throw refused;
            }
        });
    }

    /// Right where it belongs: the answer says how long it is before it comes.
    private static Mono<byte[]> gather(BlobDownloadAsyncResponse answer) {
        var size = Math.toIntExact(answer.getDeserializedHeaders().getContentLength());
        var content = ByteBuffer.allocate(size);
        return answer.getValue()
                .doOnNext(content::put)
                .then(Mono.fromSupplier(() ->
                        content.hasRemaining() ? Arrays.copyOf(content.array(), content.position()) : content.array()));
    }

    /// Whoever is interrupted waits no longer, and the request ends by itself: one that is cancelled is told of as an
    /// error, though nobody asks for it any more.
    private static byte[] await(Mono<byte[]> content) {
        try {
            return content.toFuture().get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException known
                    ? known
                    : new IllegalStateException(failed.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a blob was read", e);
        }
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

    @Override
    public BlobPlace place() {
        var endpoint = URI.create(client.getAccountUrl());
        var redundancy = calling(() -> {
            try {
                return client.getAccountInfo().getSkuName();
            } catch (BlobStorageException refused) {
                // A signature that is good for blobs only may not ask.
                if (refused.getStatusCode() == 403) {
                    return null;
                }
                throw refused;
            }
        });
        return new BlobPlace(
                endpoint.getHost(),
                endpoint.getScheme().equals("https"),
                aliases.last(endpoint.getHost()).orElse(null),
                redundancy == null ? null : redundancy.toString());
    }

    @Override
    public BlobProtection protection(String container) {
        return calling(() -> {
            client.createBlobContainerIfNotExists(container);
            var there = client.getBlobContainerClient(container);
            var whole = there.getProperties();
            var first = there.listBlobs(new ListBlobsOptions().setMaxResultsPerPage(1), null).stream()
                    .findFirst()
                    .map(blob -> there.getBlobClient(blob.getName()).getProperties());
            var policy = first.map(BlobProperties::getImmutabilityPolicy)
                    .filter(each -> each.getPolicyMode() != null)
                    .orElse(null);
            var until = policy == null ? null : policy.getExpiryTime();
            return new BlobProtection(
                    whole.isImmutableStorageWithVersioningEnabled() != null,
                    whole.hasImmutabilityPolicy(),
                    whole.hasLegalHold()
                            || first.map(BlobProperties::hasLegalHold).orElse(false),
                    policy != null,
                    policy != null && policy.getPolicyMode().equals(BlobImmutabilityPolicyMode.LOCKED),
                    until == null ? null : until.toInstant(),
                    first.map(BlobProperties::getVersionId).isPresent(),
                    softDeleteDays());
        });
    }

    private @Nullable Integer softDeleteDays() {
        try {
            var deleted = client.getProperties().getDeleteRetentionPolicy();
            return deleted != null && deleted.isEnabled() ? deleted.getDays() : null;
        } catch (BlobStorageException refused) {
            // It is the account's, and a signature for blobs may not ask for it.
            if (refused.getStatusCode() == 403) {
                return null;
            }
            throw refused;
        }
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

    private static <T extends @Nullable Object> T calling(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failed) {
            if (failed instanceof BlobStorageException refused && isImmutable(refused)) {
                throw new BlobImmutable("Blob storage keeps the blob: " + refused.getErrorCode(), refused);
            }
            // The SDK's message repeats the address, which may carry a signature.
            throw new BlobStorageAway(
                    "Blob storage did not answer as expected ("
                            + failed.getClass().getSimpleName() + ")",
                    failed);
        }
    }

    /// The SDK has a constant for one of the two codes only.
    private static boolean isImmutable(BlobStorageException refused) {
        return refused.getStatusCode() == 409
                && refused.getErrorCode() != null
                && refused.getErrorCode().toString().startsWith("BlobImmutableDueTo");
    }
}
