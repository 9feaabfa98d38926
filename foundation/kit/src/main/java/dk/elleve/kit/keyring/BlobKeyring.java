package dk.elleve.kit.keyring;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.Random;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.time.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.annotation.Scheduled;

/// The keyring as blobs `<tenant>.key` in a container of its own: one version byte, the key's id (36 characters) and
/// the
/// 32-byte key under AES-256-GCM, bound to tenant and id.
final class BlobKeyring implements Keyring {

    static final String CONTAINER = "keyring";
    private static final byte VERSION = 1;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private record Opened(TenantKey key, Instant until) {}

    private final BlobStore blobs;
    private final Aead master;
    private final Clock clock;
    private final Map<TenantId, Opened> opened = new ConcurrentHashMap<>();

    BlobKeyring(BlobStore blobs, Aead master, Clock clock) {
        this.blobs = blobs;
        this.master = master;
        this.clock = clock;
    }

    @Override
    public Optional<TenantKey> find(TenantId tenant) {
        var kept = opened.get(tenant);
        if (kept != null && clock.instant().isBefore(kept.until())) {
            return Optional.of(kept.key());
        }
        forgetOld();
        // Counted from before the look: a key destroyed during it is not kept for longer than promised.
        var until = clock.instant().plus(KEPT);
        var key = blobs.get(CONTAINER, name(tenant)).map(wrapped -> unwrap(tenant, wrapped));
        key.ifPresentOrElse(found -> opened.put(tenant, new Opened(found, until)), () -> opened.remove(tenant));
        return key;
    }

    /// A key that nobody asks for any more leaves the memory too.
    @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
    void forgetOld() {
        var now = clock.instant();
        opened.values().removeIf(kept -> !now.isBefore(kept.until()));
    }

    /// How many keys lie open in memory.
    int held() {
        return opened.size();
    }

    @Override
    public TenantKey create(TenantId tenant) {
        // Whoever loses the race, or repeats a call whose answer was lost, reads what is there.
        blobs.putIfAbsent(CONTAINER, name(tenant), wrap(tenant, Ids.nextText(), Random.randBytes(32)));
        forget(tenant);
        return require(tenant);
    }

    @Override
    public void destroy(TenantId tenant) {
        blobs.delete(CONTAINER, name(tenant));
        forget(tenant);
    }

    @Override
    public void forget(TenantId tenant) {
        opened.remove(tenant);
    }

    private byte[] wrap(TenantId tenant, String id, byte[] secret) {
        try {
            var wrapped = master.encrypt(secret, context(tenant, id));
            return ByteBuffer.allocate(1 + 36 + wrapped.length)
                    .put(VERSION)
                    .put(id.getBytes(StandardCharsets.US_ASCII))
                    .put(wrapped)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The master key cannot wrap", e);
        }
    }

    private TenantKey unwrap(TenantId tenant, byte[] blob) {
        try {
            if (blob.length < 37 || blob[0] != VERSION) {
                throw new GeneralSecurityException("Not a wrapped key of version " + VERSION);
            }
            var id = new String(blob, 1, 36, StandardCharsets.US_ASCII);
            var wrapped = Arrays.copyOfRange(blob, 37, blob.length);
            return new TenantKey(tenant, id, master.decrypt(wrapped, context(tenant, id)));
        } catch (GeneralSecurityException wrong) {
            throw new WrongMasterKey(tenant, wrong);
        }
    }

    private static byte[] context(TenantId tenant, String id) {
        return ("elleve/tenant-key/" + tenant + "/" + id).getBytes(StandardCharsets.UTF_8);
    }

    private static String name(TenantId tenant) {
        return tenant.value() + ".key";
    }
}
