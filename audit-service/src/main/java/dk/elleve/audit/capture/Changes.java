package dk.elleve.audit.capture;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.subtle.Random;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/// The rows of one transaction in their order. What is more than a few thousand or a few megabytes
/// lies in a file without a name, under a key that this process forgets: one transaction may change
/// every row of a table, and none may end the service.
final class Changes implements AutoCloseable {

    static final int KEPT = 4096;
    static final long KEPT_SIZE = 4 << 20;

    private static final TypeReference<List<RowChange>> ROWS = new TypeReference<>() {};

    private final JsonMapper json;
    private final ObjectReader rows;
    private final List<RowChange> newest = new ArrayList<>();
    private @Nullable Spill spill;
    private long newestSize;
    private long size;

    Changes(JsonMapper json) {
        this.json = json;
        this.rows = json.readerFor(ROWS).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /// Rows that are at hand already.
    static Changes of(JsonMapper json, List<RowChange> rows) {
        var changes = new Changes(json);
        rows.forEach(changes::add);
        return changes;
    }

    void add(RowChange change) {
        if (newest.size() == KEPT || newestSize >= KEPT_SIZE) {
            var file = spill == null ? new Spill() : spill;
            spill = file;
            file.append(json.writeValueAsBytes(newest));
            newest.clear();
            newestSize = 0;
        }
        newest.add(change);
        newestSize += Images.size(change.before()) + Images.size(change.after());
        size++;
    }

    /// About how many bytes are in memory and not in the file.
    long sizeInMemory() {
        return newestSize;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /// May be asked for again and again, each time from the beginning.
    Stream<RowChange> stream() {
        var file = spill;
        return file == null
                ? newest.stream()
                : Stream.concat(
                        Stream.iterate(0, i -> i < file.pieces.size(), i -> i + 1)
                                .flatMap(i -> rows.<List<RowChange>>readValue(file.read(i)).stream()),
                        newest.stream());
    }

    @Override
    public void close() {
        if (spill != null) {
            spill.close();
        }
    }

    private static final class Spill {

        private record Piece(long position, int length) {}

        private final FileChannel file;
        private final Aead aead;
        private final List<Piece> pieces = new ArrayList<>();
        private long end;

        Spill() {
            try {
                aead = new AesGcmJce(Random.randBytes(32));
                var path = Files.createTempFile("elleve-audit-", ".rows");
                file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                // Without a name it goes with the process, however that ends.
                Files.delete(path);
            } catch (IOException e) {
                throw new UncheckedIOException("A large transaction could not be put on disk", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("AES-256-GCM is not available", e);
            }
        }

        void append(byte[] rows) {
            try {
                var sealed = aead.encrypt(rows, context(pieces.size()));
                var bytes = ByteBuffer.wrap(sealed);
                long at = end;
                while (bytes.hasRemaining()) {
                    at += file.write(bytes, at);
                }
                pieces.add(new Piece(end, sealed.length));
                end = at;
            } catch (IOException e) {
                throw new UncheckedIOException("A large transaction could not be put on disk", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Rows could not be sealed", e);
            }
        }

        byte[] read(int number) {
            var piece = pieces.get(number);
            var bytes = ByteBuffer.allocate(piece.length());
            try {
                while (bytes.hasRemaining()) {
                    if (file.read(bytes, piece.position() + bytes.position()) < 0) {
                        throw new IOException("The file ends early");
                    }
                }
                return aead.decrypt(bytes.array(), context(number));
            } catch (IOException e) {
                throw new UncheckedIOException("A large transaction could not be read back", e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("The rows on disk are not those that were put there", e);
            }
        }

        void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("The file of a large transaction could not be closed", e);
            }
        }

        private static byte[] context(int number) {
            return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
        }
    }
}
