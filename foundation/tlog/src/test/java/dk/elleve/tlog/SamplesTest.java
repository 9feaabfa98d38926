package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files of every kind this library writes, kept in `src/test/resources/samples`: what else verifies them (the page
/// `/verify` of the dashboard) is tested against these. Keys and content are fixed, so they are the same in each build;
/// `-Delleve.samples=write` writes them anew.
class SamplesTest {

    private static final Path FOLDER = Path.of("src/test/resources/samples");
    private static final int OLD = 200;
    private static final int SIZE = 260;
    private static final int FLIP = 4;
    private static final List<String> TENANTS = List.of("nord", "havn");

    private final List<AuditLeaf> leaves = leaves();
    private final Map<String, byte[]> log =
            Logs.log(leaves.stream().map(AuditLeaf::bytes).toList());

    @Test
    void the_samples_are_what_this_library_writes() throws IOException {
        var made = samples();
        if ("write".equals(System.getProperty("elleve.samples"))) {
            Logs.write(made, FOLDER);
        }

        try (var files = Files.walk(FOLDER)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> FOLDER.relativize(file).toString())
                            .toList())
                    .containsExactlyInAnyOrderElementsOf(made.keySet());
        }
        for (var sample : made.entrySet()) {
            assertThat(Files.readAllBytes(FOLDER.resolve(sample.getKey())))
                    .as(sample.getKey())
                    .isEqualTo(sample.getValue());
        }
    }

    private Map<String, byte[]> samples() {
        var made = new TreeMap<String, byte[]>();
        made.put(
                "log.vkey",
                text("# the log, and a witness\n" + Logs.SIGNER.verifier() + "\n" + Logs.WITNESS.verifier() + "\n"));
        made.put("entry-123.tlog-proof", text(Logs.proof(log, 123).format()));
        made.put("checkpoint-" + OLD, checkpoint(OLD).bytes());
        made.put("checkpoint-" + SIZE, checkpoint(SIZE).bytes());
        log.forEach((path, bytes) -> {
            if (path.startsWith("tile/")) {
                made.put(path, bytes);
            }
        });
        made.put("damages.tsv", text(damages().stream().map(this::told).collect(Collectors.joining())));
        made.put("audit.jsonl", text(part(SIZE, 0, 24, true) + ExportFile.end()));
        made.put("redacted.jsonl", text(part(SIZE, 0, 24, false) + ExportFile.end()));
        made.put(
                "filtered.jsonl",
                text(part(SIZE, 240, 260, index -> leaves.get(index).flags().contains(AuditLeaf.Flag.MASS))
                        + ExportFile.end()));
        made.put("broke-off.jsonl", text(part(OLD, 190, 196, true)));
        made.put("continued.jsonl", text(part(SIZE, 196, 210, true) + ExportFile.end()));
        return made;
    }

    /// What is done to the log, and how [Fsck] tells it, word for word.
    private String told(String damage) {
        var damaged = new TreeMap<>(log);
        for (var step : damage.split("; ")) {
            damage(damaged, step.split(" "));
        }
        var checkpoint = new Checkpoint(Logs.ORIGIN, SIZE, reader(SIZE).root());
        var found = catchThrowableOfType(
                VerificationException.class, () -> Fsck.check(Logs.source(damaged), checkpoint, done -> {}));
        return damage + "\t" + found.getMessage() + "\n";
    }

    private List<String> damages() {
        int length = 2 + AuditLeaf.LENGTH;
        int inEntry17 = 17 * length + 52;
        byte[] entry17 = leaves.get(17).bytes();
        entry17[50] ^= FLIP;
        return List.of(
                "flip tile/entries/000 " + inEntry17,
                "flip tile/entries/001.p/4 " + (3 * length + 2),
                "flip tile/entries/000 " + inEntry17 + "; flip tile/0/000 " + (17 * Hash.LENGTH),
                "flip tile/entries/000 " + inEntry17 + "; write tile/0/000 " + (17 * Hash.LENGTH) + " "
                        + Hash.leaf(entry17).hex(),
                "flip tile/0/000 32",
                "flip tile/0/001.p/4 127",
                "flip tile/1/000.p/1 5",
                "flip tile/entries/000 " + length,
                "flip tile/entries/000 " + (length + 1),
                "cut tile/entries/000 1000",
                "cut tile/entries/000 " + (5 * length),
                "cut tile/entries/000 " + (5 * length + 1),
                "cut tile/entries/001.p/4 0",
                "cut tile/0/000 31",
                "cut tile/0/000 320",
                "cut tile/1/000.p/1 0",
                "remove tile/entries/000",
                "remove tile/entries/001.p/4",
                "remove tile/0/000",
                "remove tile/0/001.p/4",
                "remove tile/1/000.p/1",
                "remove tile/entries/000; remove tile/0/000",
                "copy tile/entries/000 tile/entries/001.p/4",
                "copy tile/0/001.p/4 tile/0/000",
                "write tile/entries/000 " + 255 * length + " 00000000");
    }

    private static void damage(Map<String, byte[]> log, String... step) {
        var path = step[1];
        byte[] bytes = log.get(path).clone();
        switch (step[0]) {
            case "flip" -> {
                bytes[Integer.parseInt(step[2])] ^= FLIP;
                log.put(path, bytes);
            }
            case "remove" -> log.remove(path);
            case "cut" -> log.put(path, Arrays.copyOf(bytes, Integer.parseInt(step[2])));
            case "copy" -> log.put(step[2], bytes);
            case "write" -> {
                byte[] written = HexFormat.of().parseHex(step[3]);
                System.arraycopy(written, 0, bytes, Integer.parseInt(step[2]), written.length);
                log.put(path, bytes);
            }
            default -> throw new IllegalArgumentException(step[0]);
        }
    }

    private String part(int size, int from, int to, boolean told) {
        return ExportFile.begin(checkpoint(size))
                + IntStream.range(from, to)
                        .mapToObj(index -> line(size, index, told))
                        .collect(Collectors.joining());
    }

    private String part(int size, int from, int to, IntPredicate which) {
        return ExportFile.begin(checkpoint(size))
                + IntStream.range(from, to)
                        .filter(which)
                        .mapToObj(index -> line(size, index, true))
                        .collect(Collectors.joining());
    }

    private String line(int size, int index, boolean told) {
        var leaf = leaves.get(index);
        return ExportFile.line(
                index,
                leaf.bytes(),
                reader(size).inclusion(index),
                leaf.tenant().equals(pseudonym("platform")) ? null : tenant(index),
                told && leaf.hasPayload() ? Logs.salt(index) : null,
                told && leaf.hasPayload() ? content(index) : null);
    }

    private Note checkpoint(int size) {
        return Logs.checkpoint(size, reader(size).root());
    }

    /// The log as it was when it had so many entries.
    private TileReader reader(int size) {
        return new TileReader(
                Logs.source(Logs.log(
                        leaves.stream().limit(size).map(AuditLeaf::bytes).toList())),
                size);
    }

    /// Two tenants and the platform in turns; each sort of leaf is among the first.
    private static List<AuditLeaf> leaves() {
        var last = new TreeMap<String, Long>();
        var sequences = new TreeMap<String, Integer>();
        var kinds = Stream.of(AuditLeaf.Kind.values()).toList();
        var leaves = new ArrayList<AuditLeaf>();
        for (int i = 0; i < SIZE; i++) {
            var name = i % 3 == 2 ? "platform" : tenant(i);
            var kind = kinds.get(i % kinds.size());
            var flags = flags(i);
            int sequence = sequences.merge(name, 1, Integer::sum);
            long previous = last.getOrDefault(name, AuditLeaf.NONE);
            var time = Logs.START.plusSeconds(i).plusNanos(i % 4 == 0 ? 1000 : i % 4 == 1 ? -123_456_000 : 544_000);
            leaves.add(
                    kind == AuditLeaf.Kind.TENANT_HEAD
                            ? AuditLeaf.withoutPayload(
                                    kind, flags, pseudonym(name), sequence, previous, time, new UUID(1, i))
                            : new AuditLeaf(
                                    kind,
                                    flags,
                                    pseudonym(name),
                                    sequence,
                                    previous,
                                    time,
                                    new UUID(1, i),
                                    new UUID(2, 2),
                                    Hash.sha256(Logs.ciphertext(i)),
                                    AuditLeaf.commitment(Logs.salt(i), content(i))));
            last.put(name, (long) i);
        }
        return leaves;
    }

    private static Set<AuditLeaf.Flag> flags(int i) {
        return switch (i % 5) {
            case 0 -> Set.of(AuditLeaf.Flag.ATTRIBUTED);
            case 1 -> Set.of(AuditLeaf.Flag.UNATTRIBUTED, AuditLeaf.Flag.MASS);
            case 2 -> Set.of(AuditLeaf.Flag.STAFF, AuditLeaf.Flag.GRANTED);
            case 3 -> Set.of();
            default -> Set.of(AuditLeaf.Flag.SYSTEM, AuditLeaf.Flag.DDL, AuditLeaf.Flag.GAP, AuditLeaf.Flag.ERASURE);
        };
    }

    private static String tenant(int index) {
        return TENANTS.get(index % 3 % TENANTS.size());
    }

    private static Hash pseudonym(String name) {
        return Hash.sha256(text(name));
    }

    private static byte[] content(int index) {
        var odd = index == 7 ? ",\"odd\":\"\u2028\u0085 æøå 🔑 \\\"salt\\\":null\"" : "";
        return text("{\"actor\":{\"id\":\"u-" + index + "\"},\"after\":{\"level\":" + index + odd + "}}");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
