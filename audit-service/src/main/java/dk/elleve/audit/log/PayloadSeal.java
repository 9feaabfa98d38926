package dk.elleve.audit.log;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
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
            byte[] tableIndex,
            List<byte[]> about) {}

    /// What is stored of an event is not what was sealed (it was changed, or belongs to another
    /// event), or cannot be read.
    public static final class Tampered extends RuntimeException {
        Tampered(UUID eventId, Throwable cause) {
            super("The text of event " + eventId + " is not what was sealed, or cannot be read", cause);
        }
    }

    private final Keyring keyring;
    private final ObjectWriter writer;
    private final ObjectReader contents;
    private final PlatformKey platform;
    private final SecureRandom random = new SecureRandom();

    PayloadSeal(Keyring keyring, JsonMapper json, PlatformKey platform) {
        this.keyring = keyring;
        this.writer = json.writerFor(Content.class);
        this.contents = json.readerFor(Content.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        this.platform = platform;
    }

    /// All at once: each tenant's key is looked for once, for a tenant without one is looked up far away each time; and
    /// what is derived from it is derived once.
    List<Sealed> seal(List<NewEntry> entries) {
        var keys = new HashMap<TenantId, Optional<TenantKey>>();
        var derived = new HashMap<Optional<TenantKey>, Derived>();
        var salts = new byte[entries.size() * AuditLeaf.SALT_LENGTH];
        random.nextBytes(salts);
        var sealed = new ArrayList<Sealed>(entries.size());
        for (var entry : entries) {
            var key = entry.tenant() == null
                    ? Optional.<TenantKey>empty()
                    : keys.computeIfAbsent(entry.tenant(), this::key);
            int from = sealed.size() * AuditLeaf.SALT_LENGTH;
            var salt = Arrays.copyOfRange(salts, from, from + AuditLeaf.SALT_LENGTH);
            sealed.add(seal(entry, salt, derived.computeIfAbsent(key, k -> new Derived(k.orElse(null)))));
        }
        return sealed;
    }

    private Sealed seal(NewEntry entry, byte[] salt, Derived keys) {
        var content = keys.ofTenant() || !entry.needsTenantKey()
                ? entry.content()
                : entry.content().withoutImages();
        var plaintext = writer.writeValueAsBytes(content);
        var salted = Arrays.copyOf(salt, salt.length + plaintext.length);
        System.arraycopy(plaintext, 0, salted, salt.length, plaintext.length);
        var month = keys.month(entry.time());
        try {
            return new Sealed(
                    keys.ofTenant(),
                    month.keyId(),
                    keys.pseudonym,
                    month.aead().encrypt(salted, context(entry.eventId())),
                    AuditLeaf.commitment(salt, plaintext),
                    keys.actors.of(content.actor().id()),
                    keys.resources.of(content.resource()),
                    keys.tables.of(content.table()),
                    keys.about(content.actor().grant(), entry.about()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("An entry could not be sealed", e);
        }
    }

    private record Month(UUID keyId, Aead aead) {}

    /// What comes of one tenant's key, or of the platform's, for as long as some entries are sealed. For one thread.
    private final class Derived {

        private final @Nullable TenantKey key;
        private final Hash pseudonym;
        private final BlindIndex actors;
        private final BlindIndex resources;
        private final BlindIndex tables;
        private final BlindIndex grants;
        private final Map<YearMonth, Month> months = new HashMap<>();

        Derived(@Nullable TenantKey key) {
            this.key = key;
            this.pseudonym = PayloadSeal.this.pseudonym(key);
            this.actors = index(key, "actor");
            this.resources = index(key, "resource");
            this.tables = index(key, "table");
            this.grants = index(key, "grant");
        }

        List<byte[]> about(@Nullable String grant, List<String> also) {
            var indexes = new ArrayList<byte[]>();
            if (grant != null) {
                indexes.add(grants.of(grant));
            }
            also.forEach(resource -> indexes.add(resources.of(resource)));
            return indexes;
        }

        boolean ofTenant() {
            return key != null;
        }

        Month month(Instant time) {
            return months.computeIfAbsent(
                    PayloadSeal.month(time),
                    month -> new Month(
                            key != null ? UUID.fromString(key.id()) : platformKeyId(month), aead(key, month)));
        }
    }

    /// What stands in an index column for a value. Many entries name the same actor and table.
    private static final class BlindIndex {

        private final Mac mac;
        private final Map<String, byte[]> known = new HashMap<>();

        BlindIndex(byte[] key) {
            this.mac = mac(key);
        }

        byte[] of(String value) {
            return known.computeIfAbsent(
                    value, text -> Arrays.copyOf(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 16));
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
        return open(eventId, tenant, underTenantKey, time, ciphertext, salted -> {
            var text = Arrays.copyOfRange(salted, AuditLeaf.SALT_LENGTH, salted.length);
            return new Opened(contents.readValue(text), Arrays.copyOf(salted, AuditLeaf.SALT_LENGTH), text);
        });
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
            return new SealedText(
                    key.isPresent(), aead(key.orElse(null), month(time)).encrypt(text, context(id)));
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
            return Optional.of(read.apply(aead(key.orElse(null), month(time)).decrypt(ciphertext, context(id))));
        } catch (GeneralSecurityException | JacksonException | NumberFormatException e) {
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
            return Optional.of(index(null, field).of(value));
        }
        return key(tenant).map(key -> index(key, field).of(value));
    }

    /// The same of many values, in their order; nothing of a tenant without a key.
    List<byte[]> indexesOf(@Nullable TenantId tenant, String field, List<String> values) {
        var key = key(tenant);
        if (tenant != null && key.isEmpty()) {
            return List.of();
        }
        var index = index(key.orElse(null), field);
        return values.stream().map(index::of).toList();
    }

    private Optional<TenantKey> key(@Nullable TenantId tenant) {
        return tenant == null ? Optional.empty() : keyring.find(tenant);
    }

    /// In which an entry happened, and whose key seals it.
    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }

    private Aead aead(@Nullable TenantKey key, YearMonth month) {
        var use = "audit/" + month;
        try {
            return key != null ? key.aead(use) : new AesGcmJce(platform.derive(use));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is not available", e);
        }
    }

    private Hash pseudonym(@Nullable TenantKey key) {
        var mac = mac(key != null ? key.derive("audit/pseudonym") : platform.derive("audit/pseudonym"));
        var name = key != null ? key.tenant().value() : "platform";
        return Hash.of(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
    }

    private BlindIndex index(@Nullable TenantKey key, String field) {
        var use = "audit/index/" + field;
        return new BlindIndex(key != null ? key.derive(use) : platform.derive(use));
    }

    private static UUID platformKeyId(YearMonth month) {
        return EventIds.of("elleve/audit/platform-key", month.toString());
    }

    private static byte[] context(UUID eventId) {
        return ("elleve/audit/" + eventId).getBytes(StandardCharsets.UTF_8);
    }

    private static Mac mac(byte[] key) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }
}
