package dk.elleve.backup.vault;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/// The form of an encrypted object.
///
/// | bytes | what |
/// | --- | --- |
/// | 4 | `ELV1` |
/// | 1 + n | id of the data key |
/// | 32 | salt, random per object: with the data key it gives the object's own key (HKDF-SHA256) |
/// | (4 + n)… | chunks: the length, then up to 1 MiB of content as zstd in AES-256-GCM |
///
/// Each chunk is bound to cluster, key id, name, its number and whether it is the last one: an object that is
/// changed, cut, grown, swapped or moved does not open. The nonce is the chunk's number; no key ever meets a
/// number twice, because the salt is new with each object.
final class Sealing {

    static final int CHUNK = 1 << 20;

    static final byte[] MAGIC = "ELV1".getBytes(StandardCharsets.US_ASCII);
    static final int SALT = 32;
    private static final int TAG = 16;
    static final int LARGEST_CHUNK = CHUNK + (CHUNK >>> 7) + 1024;

    /// @param seal the object's salt: names this very writing of the object
    /// @param chunks the size of each chunk without its length in front
    record Sealed(byte[] bytes, String seal, List<Integer> chunks) {}

    record Opened(byte[] content, String seal) {}

    /// Where the whole content of an object ends, and with that how many chunks there are, is known
    /// when the first chunk is taken.
    private interface Chunks {

        void begin(int length);

        void chunk(Opener opener, int number, int length);
    }

    private Sealing() {}

    static Sealed seal(DataKey key, String name, byte[] content, int offset, int length) {
        var draft = new Draft(key, name);
        var chunks = new ArrayList<byte[]>();
        var count = Math.max(1, Math.ceilDiv(length, CHUNK));
        try (var press = new Press()) {
            for (var number = 0; number < count; number++) {
                var from = number * CHUNK;
                chunks.add(draft.seal(
                        press, number, content, offset + from, Math.min(CHUNK, length - from), number == count - 1));
            }
        }
        return draft.whole(chunks);
    }

    /// The id of the key the object says it is encrypted under. Not to be trusted before the object has been
    /// opened.
    static String keyId(String name, byte[] object) {
        var at = MAGIC.length;
        if (object.length < at + 1 || !Arrays.equals(object, 0, at, MAGIC, 0, at)) {
            throw damaged(name, "it does not begin as an encrypted object");
        }
        var length = Byte.toUnsignedInt(object[at]);
        if (object.length < at + 1 + length + SALT) {
            throw damaged(name, "it is cut off in its header");
        }
        return new String(object, at + 1, length, StandardCharsets.UTF_8);
    }

    /// The seal an object says it has. Not to be trusted before the object has been opened.
    static String seal(String name, byte[] object) {
        return HexFormat.of().formatHex(salt(name, object));
    }

    private static byte[] salt(String name, byte[] object) {
        var at = MAGIC.length + 1 + keyId(name, object).getBytes(StandardCharsets.UTF_8).length;
        if (at + SALT > object.length) {
            throw damaged(name, "its key's name is not text");
        }
        return Arrays.copyOfRange(object, at, at + SALT);
    }

    static Opened open(DataKey key, String name, byte[] object) {
        var whole = new Chunks() {
            byte[] content = new byte[0];

            @Override
            public void begin(int length) {
                content = new byte[length];
            }

            @Override
            public void chunk(Opener opener, int number, int length) {
                opener.unpack(content, number * CHUNK, length, number);
            }
        };
        open(key, name, object, whole);
        return new Opened(whole.content, seal(name, object));
    }

    /// Opens an object without keeping its content.
    ///
    /// @return how long the content is
    static int open(DataKey key, String name, byte[] object, Content content) {
        var pieces = new Chunks() {
            int length;
            byte[] piece = new byte[0];

            @Override
            public void begin(int length) {
                this.length = length;
                this.piece = new byte[Math.min(CHUNK, length)];
            }

            @Override
            public void chunk(Opener opener, int number, int length) {
                var at = number * CHUNK;
                if (content.wants(at)) {
                    opener.unpack(piece, 0, length, number);
                    content.take(at, piece, length);
                }
            }
        };
        open(key, name, object, pieces);
        return pieces.length;
    }

    private static void open(DataKey key, String name, byte[] object, Chunks taker) {
        var salt = salt(name, object);
        var chunks = chunks(
                name, object, MAGIC.length + 1 + keyId(name, object).getBytes(StandardCharsets.UTF_8).length + SALT);
        try (var opener = new Opener(key, name, object, salt)) {
            // The last one first: that it opens as the last, with its number, proves how many there are. Nobody without
            // the key can make us reserve room for more than was written.
            var last = chunks.size() - 1;
            var tail = opener.open(chunks.get(last), last, true);
            taker.begin(last * CHUNK + tail);
            taker.chunk(opener, last, tail);
            for (var number = 0; number < last; number++) {
                if (opener.open(chunks.get(number), number, false) != CHUNK) {
                    throw damaged(name, "chunk " + number + " authenticates but is not whole");
                }
                taker.chunk(opener, number, CHUNK);
            }
        } catch (ZstdException e) {
            throw unpacks(name, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM or HKDF", e);
        }
    }

    /// Where a chunk, or rather its length, begins in an object.
    static int offset(String keyId, List<Integer> chunks, int number) {
        var before = MAGIC.length + 1 + keyId.getBytes(StandardCharsets.UTF_8).length + SALT;
        return before
                + chunks.subList(0, number).stream().mapToInt(size -> 4 + size).sum();
    }

    /// Opens a stretch of an object by itself. That a chunk opens says that it was written under this very salt, by
    /// this name and with this number, and whether as the last one: as much as if the whole object had been read.
    ///
    /// @param seal the object's salt, from where it was recorded
    /// @param stretch which chunks `bytes` are
    /// @param length of the whole content
    static void open(
            DataKey key,
            String name,
            String seal,
            List<Integer> chunks,
            int length,
            Stretch stretch,
            byte[] bytes,
            Content content) {
        try (var opener = new Opener(key, name, bytes, HexFormat.of().parseHex(seal))) {
            var piece = new byte[Math.min(CHUNK, length)];
            var at = 0;
            for (var number = stretch.first(); number < stretch.end(); number++) {
                int size = chunks.get(number);
                if (ByteBuffer.wrap(bytes).getInt(at) != size) {
                    throw damaged(name, "chunk " + number + " is not as long as recorded");
                }
                var from = number * CHUNK;
                var expected = Math.min(CHUNK, length - from);
                if (opener.open(new Place(at + 4, size), number, number == chunks.size() - 1) != expected) {
                    throw damaged(name, "the content of chunk " + number + " is not as long as recorded");
                }
                if (content.wants(from)) {
                    opener.unpack(piece, 0, expected, number);
                    content.take(from, piece, expected);
                }
                at += 4 + size;
            }
        } catch (ZstdException e) {
            throw unpacks(name, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks AES-256-GCM or HKDF", e);
        }
    }

    private static VaultException unpacks(String name, ZstdException e) {
        return new VaultException(VaultProblem.DAMAGED, "object '" + name + "' authenticates but does not unpack", e);
    }

    /// Where an encrypted chunk lies in its object.
    private record Place(int offset, int size) {}

    private static List<Place> chunks(String name, byte[] object, int from) {
        var in = ByteBuffer.wrap(object);
        in.position(from);
        var chunks = new ArrayList<Place>();
        do {
            if (in.remaining() < 4) {
                throw damaged(name, "it is cut off before chunk " + chunks.size());
            }
            var size = in.getInt();
            if (size < TAG || size > LARGEST_CHUNK + TAG || size > in.remaining()) {
                throw damaged(name, "it is cut off in chunk " + chunks.size());
            }
            chunks.add(new Place(in.position(), size));
            in.position(in.position() + size);
        } while (in.hasRemaining());
        return chunks;
    }

    /// Opens one chunk after the other in the same room.
    private static final class Opener implements AutoCloseable {

        private final DataKey key;
        private final String name;
        private final byte[] object;
        private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
        private final Cipher cipher;
        private final SecretKey objectKey;
        private final byte[] packed = new byte[LARGEST_CHUNK];
        private int packedSize;

        Opener(DataKey key, String name, byte[] object, byte[] salt) throws GeneralSecurityException {
            this.key = key;
            this.name = name;
            this.object = object;
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
            this.objectKey = objectKey(key, salt);
        }

        /// Authenticates and decrypts a chunk, and answers how long its content is.
        int open(Place chunk, int number, boolean last) throws GeneralSecurityException {
            cipher.init(Cipher.DECRYPT_MODE, objectKey, nonce(number));
            cipher.updateAAD(context(key, name, number, last));
            try {
                packedSize = cipher.doFinal(object, chunk.offset(), chunk.size(), packed, 0);
            } catch (AEADBadTagException e) {
                throw damaged(name, "chunk " + number + " does not authenticate (changed, cut, swapped or moved)");
            }
            var size = Zstd.getFrameContentSize(packed, 0, packedSize);
            if (size < 0 || size > CHUNK) {
                throw damaged(name, "chunk " + number + " authenticates but does not say its length");
            }
            return (int) size;
        }

        void unpack(byte[] content, int at, int size, int number) {
            if (zstd.decompressByteArray(content, at, size, packed, 0, packedSize) != size) {
                throw damaged(name, "chunk " + number + " authenticates but is not whole");
            }
        }

        @Override
        public void close() {
            zstd.close();
        }
    }

    static SecretKey objectKey(DataKey key, byte[] salt) throws GeneralSecurityException {
        var parameters = HKDFParameterSpec.ofExtract()
                .addIKM(key.bytes())
                .addSalt(salt)
                .thenExpand("elleve backup object".getBytes(StandardCharsets.UTF_8), 32);
        return KDF.getInstance("HKDF-SHA256").deriveKey("AES", parameters);
    }

    static GCMParameterSpec nonce(int number) {
        return new GCMParameterSpec(
                TAG * 8, ByteBuffer.allocate(12).putInt(8, number).array());
    }

    /// Length before each text, so that no two contexts ever read the same.
    static byte[] context(DataKey key, String name, int number, boolean last) {
        var cluster = key.cluster().getBytes(StandardCharsets.UTF_8);
        var id = key.id().getBytes(StandardCharsets.UTF_8);
        var path = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(12 + cluster.length + id.length + path.length + 5)
                .putInt(cluster.length)
                .put(cluster)
                .putInt(id.length)
                .put(id)
                .putInt(path.length)
                .put(path)
                .putInt(number)
                .put((byte) (last ? 1 : 0))
                .array();
    }

    private static VaultException damaged(String name, String how) {
        return new VaultException(VaultProblem.DAMAGED, "object '" + name + "' is damaged: " + how);
    }
}
