package dk.elleve.kit.cursor;

import dk.elleve.kit.problem.CommonProblem;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signed keyset cursors: where a list goes on, which nobody can make up or carry to another list.
/// What stands in a cursor can be read by who holds it: never put personal data there.
public final class Cursors {

    private static final int TAG = 16;

    private final SecretKeySpec key;

    /// @param key 32 bytes
    public Cursors(byte[] key) {
        if (key.length != 32) {
            throw new IllegalArgumentException("A cursor key has 32 bytes");
        }
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /// @param list which list, with everything the order depends on (tenant, filter, sort); checked again on the way
    /// back
    public String encode(String list, List<String> position) {
        var text = position.stream()
                .map(part -> part.replace("\\", "\\\\").replace("\n", "\\n"))
                .collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
        var tag = Arrays.copyOf(mac(list, text), TAG);
        var all = Arrays.copyOf(tag, TAG + text.length);
        System.arraycopy(text, 0, all, TAG, text.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /// @throws dk.elleve.kit.problem.Problem `invalid-cursor` if it was not made here for this list
    public List<String> decode(String list, String cursor) {
        try {
            var all = Base64.getUrlDecoder().decode(cursor);
            if (all.length > TAG) {
                var text = Arrays.copyOfRange(all, TAG, all.length);
                if (MessageDigest.isEqual(Arrays.copyOf(all, TAG), Arrays.copyOf(mac(list, text), TAG))) {
                    return Arrays.stream(new String(text, StandardCharsets.UTF_8).split("\n", -1))
                            .map(Cursors::unescaped)
                            .toList();
                }
            }
        } catch (IllegalArgumentException notBase64) {
            // Told below like every other cursor that is not ours.
        }
        throw CommonProblem.INVALID_CURSOR.with(
                "Use the value of `next` unchanged, with the same filter and sort it came with, or leave it out to start again.");
    }

    private static String unescaped(String part) {
        var text = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\' && i + 1 < part.length()) {
                i++;
                text.append(part.charAt(i) == 'n' ? '\n' : part.charAt(i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /// A keyed hash of bytes that must not be kept in clear, such as a request body.
    public byte[] fingerprint(byte[] bytes) {
        return mac("fingerprint", bytes);
    }

    private byte[] mac(String list, byte[] text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(list.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return mac.doFinal(text);
        } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
            throw new IllegalStateException("Every JDK has HmacSHA256", impossible);
        }
    }
}
