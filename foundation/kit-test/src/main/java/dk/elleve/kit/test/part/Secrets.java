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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The secrets of one installation: made at random when first asked for, the same ever after.
public final class Secrets {

    /// Keeps texts by name; the first text for a name stays.
    interface Shelf {
        String getOrPut(String name, Supplier<String> made);
    }

    /// The algorithm's number in notes.
    private static final byte ED25519 = 1;

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

    /// One file per secret, readable by this user alone. Of several who ask at once for one that is not
    /// there, all get the same.
    public static Secrets in(Path folder) {
        return new Secrets((name, made) -> {
            var file = Place.closed(folder).resolve(name);
            try {
                if (!Files.exists(file)) {
                    Place.writePrivateOnce(file, made.get());
                }
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /// Made by somebody else: read, never written. A secret that is not there is an error.
    ///
    /// @param folder one file per secret
    /// @param elsewhere files of single secrets that lie outside it, by name
    public static Secrets given(Path folder, Map<String, Path> elsewhere) {
        var others = Map.copyOf(elsewhere);
        return new Secrets((name, made) -> {
            var file = others.getOrDefault(name, folder.resolve(name));
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new PartFailure("The secret " + name + " cannot be read from " + file + ".", e);
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
        return noteKeys(keyName).getFirst();
    }

    /// The public half of [#noteKey(String)]: `<name>+<hash>+<key>`; no secret.
    public String noteVerifierKey(String keyName) {
        return noteKeys(keyName).getLast();
    }

    /// Both halves lie in one text, so that neither is ever there without the other.
    private List<String> noteKeys(String keyName) {
        return shelf.getOrPut("note-key." + keyName.replace('/', '.'), () -> newNoteKeys(keyName))
                .lines()
                .toList();
    }

    private static String newNoteKeys(String keyName) {
        try {
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            var encoded = pair.getPublic().getEncoded();
            var raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((keyName + "\n").getBytes(StandardCharsets.UTF_8));
            digest.update(ED25519);
            var name = keyName + "+" + HexFormat.of().formatHex(digest.digest(raw), 0, 4) + "+";
            return "PRIVATE+KEY+" + name + tagged(seed) + "\n" + name + tagged(raw);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String tagged(byte[] key) {
        var tagged = new byte[33];
        tagged[0] = ED25519;
        System.arraycopy(key, 0, tagged, 1, 32);
        return Base64.getEncoder().encodeToString(tagged);
    }

    private static byte[] bytes(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
