package dk.elleve.kit.attribution;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs and checks attributions with HMAC-SHA-256 under a key that the database never sees.
///
/// The message is one line of tab-separated fields (version, service, actor kind, actor id, grant,
/// tenant, request id, instant, transaction, trace), a tab, and the MAC of everything before that tab in
/// unpadded base64url. An absent field is `-`. Version 1, which stands in the WAL of earlier builds, has no trace.
public final class AttributionSigner {

    private static final String VERSION = "2";
    private static final String WITHOUT_TRACE = "1";

    private final String service;
    private final SecretKeySpec key;

    /// @param key 32 bytes
    public AttributionSigner(String service, byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException("An attribution key has 32 bytes");
        }
        this.service = service;
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    public String service() {
        return service;
    }

    /// The message for this attribution.
    public String sign(Attribution a) {
        var grant = a.actor().grant();
        var line = String.join(
                "\t",
                VERSION,
                a.service(),
                a.actor().kind().word(),
                a.actor().id(),
                grant == null ? "-" : grant,
                a.tenant() == null ? "-" : a.tenant().value(),
                a.requestId(),
                a.at().toString(),
                Long.toString(a.transaction()),
                a.trace() == null ? "-" : a.trace());
        return line + "\t" + Base64.getUrlEncoder().withoutPadding().encodeToString(mac(line));
    }

    /// What a message says; empty if it is malformed, of another service, or its MAC is wrong. The
    /// caller still has to check [Attribution#isBoundTo].
    public Optional<Attribution> verify(String message) {
        var cut = message.lastIndexOf('\t');
        if (cut < 0) {
            return Optional.empty();
        }
        try {
            var given = Base64.getUrlDecoder().decode(message.substring(cut + 1));
            var line = message.substring(0, cut);
            if (!MessageDigest.isEqual(given, mac(line))) {
                return Optional.empty();
            }
            var f = line.split("\t", -1);
            boolean known = f[0].equals(VERSION) && f.length == 10 || f[0].equals(WITHOUT_TRACE) && f.length == 9;
            if (!known || !f[1].equals(service)) {
                return Optional.empty();
            }
            return Optional.of(new Attribution(
                    f[1],
                    new Actor(Actor.Kind.of(f[2]), f[3], f[4].equals("-") ? null : f[4]),
                    f[5].equals("-") ? null : new TenantId(f[5]),
                    f[6],
                    f.length == 9 || f[9].equals("-") ? null : f[9],
                    Instant.parse(f[7]),
                    Long.parseLong(f[8])));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private byte[] mac(String line) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(line.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("Every JDK has HmacSHA256", impossible);
        }
    }

    @Override
    public String toString() {
        return "AttributionSigner[" + service + ", key=***]";
    }
}
