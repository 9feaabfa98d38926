package dk.elleve.tlog;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/// One signature line of a note. Key name and key id together say which key and which kind of signature;
/// neither proves anything.
///
/// @param signature what the key made, without the key id
public record NoteSignature(String keyName, int keyId, byte[] signature) {

    static final String LINE_START = "— ";

    public NoteSignature {
        requireKeyName(keyName);
        signature = signature.clone();
    }

    @Override
    public byte[] signature() {
        return signature.clone();
    }

    /// The key id as it is written in verifier keys: eight hexadecimal digits.
    public String keyIdHex() {
        return "%08x".formatted(keyId);
    }

    /// The line as it stands in a note, with its newline.
    public String line() {
        byte[] blob = ByteBuffer.allocate(4 + signature.length)
                .putInt(keyId)
                .put(signature)
                .array();
        return LINE_START + keyName + " " + Base64.getEncoder().encodeToString(blob) + "\n";
    }

    /// @param line without its newline
    /// @param what names the line in messages
    static NoteSignature parse(String line, String what) {
        if (!line.startsWith(LINE_START)) {
            throw new MalformedException(what + " does not start with an em dash and a space");
        }
        var words = line.substring(LINE_START.length()).split(" ", -1);
        if (words.length != 2) {
            throw new MalformedException(what + " is not 'em dash, key name, signature' with one space between");
        }
        if (!isKeyName(words[0])) {
            throw new MalformedException(what + " has a key name that is empty or holds a space or a plus");
        }
        byte[] blob = Strict.base64(words[1], what + ": the signature");
        if (blob.length < 5) {
            throw new MalformedException(what + " is too short to hold a key id and a signature");
        }
        return new NoteSignature(words[0], ByteBuffer.wrap(blob).getInt(), Arrays.copyOfRange(blob, 4, blob.length));
    }

    static boolean isKeyName(String name) {
        return !name.isEmpty()
                && name.codePoints().noneMatch(c -> c == '+' || c < 0x20 || c == 0x85 || isUnicodeSpace(c));
    }

    static void requireKeyName(String name) {
        if (!isKeyName(name)) {
            throw new MalformedException("'" + name + "' is not a key name: it is empty or holds a space or a plus");
        }
    }

    private static boolean isUnicodeSpace(int c) {
        return Character.isSpaceChar(c) || Character.isWhitespace(c);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoteSignature that
                && keyName.equals(that.keyName)
                && keyId == that.keyId
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * keyName.hashCode() + Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return keyName + "+" + keyIdHex();
    }
}
