package dk.elleve.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/// Logs for tests: keys made from fixed seeds, audit leaves of a few tenants, resources in memory or in a
/// directory.
final class Logs {

    static final String ORIGIN = "log.elleve.example";
    static final SignerKey SIGNER = signer(ORIGIN, SignatureType.ED25519, 1);
    static final SignerKey WITNESS = signer("witness.example", SignatureType.COSIGNATURE_V1, 2);
    static final SignerKey STRANGER = signer("stranger.example", SignatureType.ED25519, 3);
    static final Instant START = Instant.parse("2026-11-23T12:00:00.123456Z");

    private static final List<String> TENANTS = List.of("nord", "havn", "fjord");

    private Logs() {}

    static SignerKey signer(String name, SignatureType type, int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return SignerKey.of(name, type, bytes);
    }

    /// The leaves of the first `count` events; each tenant's form a chain.
    static List<AuditLeaf> leaves(int count) {
        Map<String, Integer> sequences = new HashMap<>();
        Map<String, Long> previous = new HashMap<>();
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    var tenant = TENANTS.get(i * 7 % 11 % TENANTS.size());
                    int sequence = sequences.merge(tenant, 1, Integer::sum);
                    long before = previous.getOrDefault(tenant, AuditLeaf.NONE);
                    previous.put(tenant, (long) i);
                    return new AuditLeaf(
                            AuditLeaf.Kind.ROW_UPDATED,
                            Set.of(AuditLeaf.Flag.ATTRIBUTED),
                            Hash.sha256(tenant.getBytes(StandardCharsets.UTF_8)),
                            sequence,
                            before,
                            START.plusSeconds(i),
                            new UUID(0x0193_0000_0000_7000L, i),
                            new UUID(7, 7),
                            Hash.sha256(ciphertext(i)),
                            AuditLeaf.commitment(salt(i), text(i)));
                })
                .toList();
    }

    static byte[] ciphertext(int i) {
        return ("ciphertext " + i).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] text(int i) {
        return ("text " + i).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] salt(int i) {
        return Hash.sha256(new byte[] {(byte) i, 's'}).bytes();
    }

    static List<byte[]> entries(int count) {
        return leaves(count).stream().map(AuditLeaf::bytes).toList();
    }

    /// A whole log in memory, its checkpoint signed and cosigned.
    static Map<String, byte[]> log(List<byte[]> entries) {
        Map<String, byte[]> files = new ConcurrentHashMap<>();
        var writer = TileWriter.empty();
        entries.forEach(writer::append);
        writer.flush().forEach(content -> files.put(content.path(), content.bytes()));
        files.put("checkpoint", checkpoint(writer.size(), writer.root()).bytes());
        return files;
    }

    static Note checkpoint(long size, Hash root) {
        var note = new Checkpoint(ORIGIN, size, root).sign(SIGNER);
        return note.with(WITNESS.cosign(note.text(), START));
    }

    static TlogProof proof(Map<String, byte[]> log, int index) {
        var note = Note.parse(log.get("checkpoint"));
        var reader = new TileReader(source(log), Checkpoint.parse(note.text()).size());
        return TlogProof.of(reader.entry(index), index, reader.inclusion(index), note);
    }

    static TileSource source(Map<String, byte[]> log) {
        return path -> Optional.ofNullable(log.get(path));
    }

    static void write(Map<String, byte[]> log, Path directory) {
        log.forEach((path, bytes) -> {
            try {
                Files.createDirectories(directory.resolve(path).getParent());
                Files.write(directory.resolve(path), bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
