package dk.elleve.backup.erasure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something was erased for good (GDPR Art. 17 and 28(3)(g)): a tenant, or one person of a tenant.
///
/// @param id of the event that said so
/// @param subject the person's pseudonym within the tenant; absent when the whole tenant went
/// @param keyId the tenant's key that was destroyed; absent when only a person went, or there never was a key
/// @param records how many records went
/// @param erasedAt when they were deleted; the transaction that did may have committed a little later
public record Erasure(
        String id,
        String tenant,
        @Nullable String subject,
        @Nullable String keyId,
        long records,
        Instant erasedAt) {}
