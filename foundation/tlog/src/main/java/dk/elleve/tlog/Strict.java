package dk.elleve.tlog;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Decoders that accept exactly one spelling of each value. A lenient decoder would let a changed byte through
/// unseen.
final class Strict {

    private Strict() {}

    /// Standard alphabet, padded, unused bits zero.
    static byte[] base64(String text, String what) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedException(what + " is not base64: " + e.getMessage());
        }
        if (!Base64.getEncoder().encodeToString(decoded).equals(text)) {
            throw new MalformedException(what + " is not canonical base64");
        }
        return decoded;
    }

    /// Decimal, no sign, no leading zero, at most 2^64 - 1.
    static long unsigned(String text, String what) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new MalformedException(what + " is not a decimal number: '" + text + "'");
        }
        if (text.length() > 1 && text.charAt(0) == '0') {
            throw new MalformedException(what + " has a leading zero: '" + text + "'");
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedException(what + " does not fit 64 bits: '" + text + "'");
        }
    }

    static String utf8(byte[] bytes, String what) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        } catch (CharacterCodingException e) {
            int line = 1;
            for (int i = 0; i < Math.min(buffer.position(), bytes.length); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw new MalformedException(what + " is not UTF-8 at byte " + buffer.position() + ", line " + line);
        }
    }

    /// UTF-8 without unpaired surrogates, which Java's own encoder would quietly replace.
    static byte[] utf8(String text) {
        try {
            var encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            return Arrays.copyOf(encoded.array(), encoded.limit());
        } catch (CharacterCodingException e) {
            throw new MalformedException("text holds an unpaired surrogate");
        }
    }
}
