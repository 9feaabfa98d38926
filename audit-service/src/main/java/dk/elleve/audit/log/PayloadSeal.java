package dk.elleve.audit.log;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Hkdf;
import dk.elleve.contracts.TenantId;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.TenantKey;
import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// Seals what an entry says and opens it again: under the tenant's key of the month, or, where the tenant has no key
/// (not opened yet, or erased) and for what belongs to no tenant, under the platform's.
@Component
public final class PayloadSeal {

    /// @param pseudonym names the chain the leaf belongs to
    /// @param underTenantKey whether destroying the tenant's key makes it unreadable
    record Sealed(
            boolean underTenantKey,
            UUID keyId,
            Hash pseudonym,
            byte[] ciphertext,
            Hash commitment,
            byte[] actorIndex,
            byte[] resourceIndex,
            byte[] tableIndex) {}

    /// What is stored of an event is not what was sealed (it was changed, or belongs to another
    /// event), or cannot be read.
    public static final class Tampered extends RuntimeException {
        Tampered(UUID eventId, Throwable cause) {
            super("The text of event " + eventId + " is not what was sealed, or cannot be read", cause);
        }
    }

    private final Keyring keyring;
    private final JsonMapper json;
    private final ObjectReader contents;
    private final byte[] master;
    private final SecureRandom random = new SecureRandom();

    PayloadSeal(Keyring keyring, JsonMapper json, @Value("${elleve.master-key}") String masterKey) {
        this.keyring = keyring;
        this.json = json;
        this.contents = json.readerFor(Content.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        this.master = Base64.getDecoder().decode(masterKey.strip());
    }

    /// All at once: each tenant's key is looked for once, for a tenant without one is looked up far away each time.
    List<Sealed> seal(List<NewEntry> entries) {
        var keys = new HashMap<TenantId, Optional<TenantKey>>();
        return entries.stream()
                .map(entry -> seal(
                        entry,
                        entry.tenant() == null ? Optional.empty() : keys.computeIfAbsent(entry.tenant(), this::key)))
                .toList();
    }

    private Sealed seal(NewEntry entry, Optional<TenantKey> key) {
        var content = key.isEmpty() && entry.needsTenantKey() ? entry.content().withoutImages() : entry.content();
        var salt = new byte[AuditLeaf.SALT_LENGTH];
        random.nextBytes(salt);
        var plaintext = json.writeValueAsBytes(content);
        var salted = Arrays.copyOf(salt, salt.length + plaintext.length);
        System.arraycopy(plaintext, 0, salted, salt.length, plaintext.length);
        try {
            return new Sealed(
                    key.isPresent(),
                    key.map(k -> UUID.fromString(k.id())).orElseGet(() -> platformKeyId(entry.time())),
                    pseudonym(key.orElse(null), entry.tenant()),
                    aead(key.orElse(null), entry.time()).encrypt(salted, context(entry.eventId())),
                    AuditLeaf.commitment(salt, plaintext),
                    index(key.orElse(null), "actor", content.actor().id()),
                    index(key.orElse(null), "resource", content.resource()),
                    index(key.orElse(null), "table", content.table()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("An entry could not be sealed", e);
        }
    }

    /// What an entry says, as it was sealed.
    ///
    /// @param text the content in JSON, one line; with the salt before it, it is what the leaf is committed to
    public record Opened(Content content, byte[] salt, byte[] text) {}

    /// What an entry says; empty when its key is destroyed.
    ///
    /// @throws Tampered if what is stored is not what was sealed, or cannot be read
    public Optional<Content> open(
            UUID eventId, @Nullable TenantId tenant, boolean underTenantKey, Instant time, byte[] ciphertext) {
        return opened(eventId, tenant, underTenantKey, time, ciphertext).map(Opened::content);
    }

    /// The same with what proves it.
    ///
    /// @throws Tampered as [#open]
    public Optional<Opened> opened(
            UUID eventId, @Nullable TenantId tenant, boolean underTenantKey, Instant time, byte[] ciphertext) {
        var key = underTenantKey ? key(tenant) : Optional.<TenantKey>empty();
        if (underTenantKey && key.isEmpty()) {
            return Optional.empty();
        }
        try {
            var salted = aead(key.orElse(null), time).decrypt(ciphertext, context(eventId));
            var text = Arrays.copyOfRange(salted, AuditLeaf.SALT_LENGTH, salted.length);
            return Optional.of(
                    new Opened(contents.readValue(text), Arrays.copyOf(salted, AuditLeaf.SALT_LENGTH), text));
        } catch (GeneralSecurityException | JacksonException | NumberFormatException e) {
            throw new Tampered(eventId, e);
        }
    }

    /// A text that is no entry.
    ///
    /// @param underTenantKey whether destroying the tenant's key makes it unreadable
    public record SealedText(boolean underTenantKey, byte[] ciphertext) {}

    /// Seals a text that belongs to a tenant, or to nobody, beside the log.
    ///
    /// @param id of what it is the text of, named again to open it
    /// @param time whose month's key it is sealed under
    public SealedText seal(UUID id, @Nullable TenantId tenant, Instant time, byte[] text) {
        var key = key(tenant);
        try {
            return new SealedText(key.isPresent(), aead(key.orElse(null), time).encrypt(text, context(id)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A text could not be sealed", e);
        }
    }

    /// Opens such a text; empty when its key is destroyed.
    ///
    /// @throws Tampered as [#open]
    public <T> Optional<T> open(
            UUID id,
            @Nullable TenantId tenant,
            boolean underTenantKey,
            Instant time,
            byte[] ciphertext,
            Function<byte[], T> read) {
        var key = underTenantKey ? key(tenant) : Optional.<TenantKey>empty();
        if (underTenantKey && key.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(read.apply(aead(key.orElse(null), time).decrypt(ciphertext, context(id))));
        } catch (GeneralSecurityException | JacksonException e) {
            throw new Tampered(id, e);
        }
    }

    /// Whether what belongs to the tenant is sealed under a key of its own: it is opened, and not erased.
    boolean hasKey(TenantId tenant) {
        return key(tenant).isPresent();
    }

    /// What stands in the index columns for a value, in the tenant's entries or in the platform's.
    public Optional<byte[]> indexOf(@Nullable TenantId tenant, String field, String value) {
        if (tenant == null) {
            return Optional.of(index(null, field, value));
        }
        return key(tenant).map(key -> index(key, field, value));
    }

    private Optional<TenantKey> key(@Nullable TenantId tenant) {
        return tenant == null ? Optional.empty() : keyring.find(tenant);
    }

    private Aead aead(@Nullable TenantKey key, Instant time) throws GeneralSecurityException {
        var use = "audit/" + YearMonth.from(time.atOffset(ZoneOffset.UTC));
        return key != null ? key.aead(use) : new AesGcmJce(platform(use));
    }

    private Hash pseudonym(@Nullable TenantKey key, @Nullable TenantId tenant) {
        return key != null && tenant != null
                ? Hash.of(mac(key.derive("audit/pseudonym"), tenant.value()))
                : Hash.of(mac(platform("audit/pseudonym"), "platform"));
    }

    private byte[] index(@Nullable TenantKey key, String field, String value) {
        var use = "audit/index/" + field;
        return Arrays.copyOf(mac(key != null ? key.derive(use) : platform(use), value), 16);
    }

    private static UUID platformKeyId(Instant time) {
        return EventIds.of(
                "elleve/audit/platform-key",
                YearMonth.from(time.atOffset(ZoneOffset.UTC)).toString());
    }

    private byte[] platform(String use) {
        try {
            return Hkdf.computeHkdf(
                    "HMACSHA256",
                    master,
                    "elleve/audit/platform".getBytes(StandardCharsets.UTF_8),
                    use.getBytes(StandardCharsets.UTF_8),
                    32);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA-256 is not available", e);
        }
    }

    private static byte[] context(UUID eventId) {
        return ("elleve/audit/" + eventId).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }
}
