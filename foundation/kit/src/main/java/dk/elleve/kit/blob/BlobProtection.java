package dk.elleve.kit.blob;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What keeps the blobs of a container, as far as the storage tells somebody who may read and write
/// them. Whether a policy of the whole container is locked only the account's management tells; of a
/// single blob's policy it is known.
///
/// @param immutability whether the storage knows immutability at all; Azurite does not
/// @param policy whether the container has a policy that keeps its blobs for a time
/// @param legalHold whether the container, or the blob that was looked at, is under a legal hold
/// @param blobPolicy whether the blob that was looked at has a policy of its own
/// @param locked whether that one is locked
/// @param until when it ends
/// @param versions whether a blob that is replaced or deleted lives on as a version
/// @param softDeleteDays how long a deleted blob can be brought back; null when it cannot
public record BlobProtection(
        boolean immutability,
        boolean policy,
        boolean legalHold,
        boolean blobPolicy,
        boolean locked,
        @Nullable Instant until,
        boolean versions,
        @Nullable Integer softDeleteDays) {}
