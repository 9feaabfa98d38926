package dk.elleve.kit.test.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The secrets of one installation: made at random when first asked for, the same ever after.
public final class Secrets {

    /// Keeps texts by name; the first text for a name stays.
    interface Shelf {
        String getOrPut(String name, Supplier<String> made);
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Shelf shelf;

    private Secrets(Shelf shelf) {
        this.shelf = shelf;
    }

    /// Forgotten with the process: for tests.
    public static Secrets inMemory() {
        Map<String, String> texts = new ConcurrentHashMap<>();
        return new Secrets((name, made) -> texts.computeIfAbsent(name, ignored -> made.get()));
    }

    /// One file per secret, readable by this user alone.
    public static Secrets in(Path folder) {
        return new Secrets((name, made) -> {
            var file = Place.closed(folder).resolve(name);
            try {
                if (!Files.exists(file)) {
                    Place.writePrivate(file, made.get());
                }
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    public String password(String name) {
        return shelf.getOrPut("password." + name, () -> HexFormat.of().formatHex(bytes(20)));
    }

    /// 32 random bytes in base64.
    public String key(String name) {
        return shelf.getOrPut("key." + name, () -> Base64.getEncoder().encodeToString(bytes(32)));
    }

    /// An Ed25519 signer key in the form of Go's `note` package: `PRIVATE+KEY+<name>+<hash>+<key>`.
    public String noteKey(String keyName) {
        return shelf.getOrPut("note-key." + keyName.replace('/', '.'), () -> newNoteKey(keyName));
    }

    private static String newNoteKey(String keyName) {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            var encoded = pair.getPublic().getEncoded();
            var raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((keyName + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 1);
            var hash = HexFormat.of().formatHex(digest.digest(raw), 0, 4);
            var tagged = new byte[33];
            tagged[0] = 1;
            System.arraycopy(seed, 0, tagged, 1, 32);
            return "PRIVATE+KEY+" + keyName + "+" + hash + "+"
                    + Base64.getEncoder().encodeToString(tagged);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
