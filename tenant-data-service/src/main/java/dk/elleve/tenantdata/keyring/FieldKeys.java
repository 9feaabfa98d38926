package dk.elleve.tenantdata.keyring;

import com.google.crypto.tink.Aead;
import dk.elleve.kit.keyring.TenantKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Seals and opens the fields of one collection. Every field has a key of its own, and a sealed value opens only in the
/// tenant, area, collection, field and record it was sealed for. Made for one piece of work; not for many threads.
public final class FieldKeys {

    private static final int BLIND = 16;

    private final TenantKey key;
    private final String area;
    private final String collection;
    private final JsonMapper json;
    private final Map<String, Aead> sealing = new HashMap<>();
    private final Map<String, Mac> blinding = new HashMap<>();

    FieldKeys(TenantKey key, String area, String collection, JsonMapper json) {
        this.key = key;
        this.area = area;
        this.collection = collection;
        this.json = json;
    }

    /// Names the key that seals now.
    public String keyId() {
        return key.id();
    }

    /// The value as JSON text under the field's key, in base64. Never twice the same.
    public String seal(String field, UUID record, JsonNode value) {
        try {
            var sealed = aead(field).encrypt(json.writeValueAsBytes(value), context(field, record));
            return Base64.getEncoder().withoutPadding().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM cannot seal", e);
        }
    }

    /// @throws dk.elleve.kit.problem.Problem `sealed-value-broken` if it was not sealed for this very place
    public JsonNode open(String field, UUID record, String sealed) {
        try {
            return json.readTree(aead(field).decrypt(Base64.getDecoder().decode(sealed), context(field, record)));
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException broken) {
            throw KeyProblem.SEALED_VALUE_BROKEN.with("The field " + field + " of record " + record
                    + " was changed outside this service, or belongs to another key or place.");
        }
    }

    /// What a searchable value is found by: a keyed hash of the value as people mean it, in hexadecimal. Texts are
    /// alike if they differ in case, in compatible characters (Unicode NFKC) or in white space around and between.
    ///
    /// @throws IllegalArgumentException for anything but a text, a number or a boolean
    public String blind(String field, JsonNode value) {
        var hash = mac(field).doFinal(normalised(value).getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Arrays.copyOf(hash, BLIND));
    }

    static String normalised(JsonNode value) {
        if (value.isString()) {
            var text = Normalizer.normalize(value.stringValue(), Normalizer.Form.NFKC)
                    .strip()
                    .replaceAll("\\s+", " ")
                    .toLowerCase(Locale.ROOT);
            return "s:" + Normalizer.normalize(text, Normalizer.Form.NFKC);
        }
        if (value.isNumber()) {
            var number = value.decimalValue();
            return "n:"
                    + (number.signum() == 0 ? "0" : number.stripTrailingZeros().toString());
        }
        if (value.isBoolean()) {
            return "b:" + value.booleanValue();
        }
        throw new IllegalArgumentException("Only a text, a number or a boolean can be searched for");
    }

    private Aead aead(String field) {
        return sealing.computeIfAbsent(field, each -> key.aead("field/" + area + "/" + collection + "/" + each));
    }

    private Mac mac(String field) {
        return blinding.computeIfAbsent(field, each -> {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.derive("blind/" + area + "/" + collection + "/" + each), "HmacSHA256"));
                return mac;
            } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
                throw new IllegalStateException("Every JDK has HmacSHA256", impossible);
            }
        });
    }

    /// None of the parts can hold a line feed, so no two places give the same bytes.
    private byte[] context(String field, UUID record) {
        return String.join("\n", "elleve/field/1", key.tenant().value(), area, collection, field, record.toString())
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "FieldKeys[" + key + ", " + area + "/" + collection + "]";
    }
}
