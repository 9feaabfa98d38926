package dk.elleve.bench;

import dk.elleve.tlog.AuditLeaf;
import dk.elleve.tlog.Checkpoint;
import dk.elleve.tlog.Hash;
import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignerKey;
import dk.elleve.tlog.Tile;
import dk.elleve.tlog.TileReader;
import dk.elleve.tlog.TileSource;
import dk.elleve.tlog.TileWriter;
import dk.elleve.tlog.TlogProof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/// The offline proof of one entry of ten million: made from the tiles on disk, written as a file, parsed, and verified
/// with the checkpoint's signature; against reading one tile.
final class InclusionProof {

    private static final int SIZE = 10_000_000;
    private static final int FLUSH = 1 << 16;
    private static final int PROOFS = 4000;
    private static final byte[] NOTHING = {};
    private static final Hash TENANT = Hash.sha256("bench".getBytes(StandardCharsets.US_ASCII));

    private final Given given;
    private final Told told;

    InclusionProof(Given given, Told told) {
        this.given = given;
        this.told = told;
    }

    void run() throws IOException {
        var folder = given.folder().resolve("ten-million");
        try {
            var checkpoint = write(folder);
            var source = TileSource.directory(folder);
            var key = SignerKey.generate("bench", SignatureType.ED25519, new SecureRandom());
            var note = checkpoint.sign(key);
            var random = new Random(11);
            Runnable proof = () -> {
                int index = random.nextInt(SIZE);
                var path = new TileReader(source, SIZE).inclusion(index);
                var file = TlogProof.of(leaf(index), index, path, note).format();
                var parsed = TlogProof.parse(file);
                parsed.verify(parsed.extra().orElseThrow().bytes(), List.of(key.verifier()));
            };
            Runnable tile = () -> read(source, Tile.at(0, random.nextInt(SIZE) / Tile.FULL, SIZE));
            millis(proof);
            millis(tile);
            told.measure("audit.proof", millis(proof), millis(tile), "ms");
        } finally {
            Folders.remove(folder);
        }
    }

    private static void read(TileSource source, Tile tile) {
        try {
            var _ = source.read(tile.path()).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The tiles of hashes only: no proof needs the entries' own.
    private Checkpoint write(Path folder) throws IOException {
        var writer = TileWriter.empty();
        for (int i = 0; i < SIZE; i++) {
            writer.append(NOTHING, Hash.leaf(leaf(i)));
            if (i % FLUSH == FLUSH - 1 || i == SIZE - 1) {
                for (var content : writer.flush()) {
                    if (!content.tile().isEntries()) {
                        var file = folder.resolve(content.path());
                        Files.createDirectories(Objects.requireNonNull(file.getParent()));
                        Files.write(file, content.bytes());
                    }
                }
            }
            if (i % 2_000_000 == 1_999_999) {
                told.progress("a log of %,d entries is made", i + 1);
            }
        }
        return new Checkpoint("bench", writer.size(), writer.root());
    }

    private static byte[] leaf(int index) {
        return AuditLeaf.withoutPayload(
                        AuditLeaf.Kind.OTHER,
                        Set.of(),
                        TENANT,
                        index + 1L,
                        index == 0 ? AuditLeaf.NONE : index - 1L,
                        Instant.EPOCH,
                        new UUID(8, index))
                .bytes();
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        for (int i = 0; i < PROOFS; i++) {
            work.run();
        }
        return (System.nanoTime() - start) / 1e6 / PROOFS;
    }
}
