package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFileTest {

    private static final SignerKey KEY = SignerKey.generate("log.example", SignatureType.ED25519, new SecureRandom());
    private static final int SIZE = 12;

    private final List<byte[]> leaves = new ArrayList<>();
    private final MemoryTree tree;

    @TempDir
    Path folder;

    ExportFileTest() {
        for (int i = 0; i < SIZE; i++) {
            leaves.add(leaf(i).bytes());
        }
        tree = MemoryTree.of(SIZE, index -> leaves.get((int) index));
    }

    @Test
    void a_whole_export_verifies_and_says_which_chains_have_no_gap() throws IOException {
        var said = verified(0, whole());

        assertThat(said)
                .contains(
                        "entries           12",
                        "told              12",
                        "nord ",
                        "1..6 without a gap",
                        "1..6 without a gap, head of 2026-11-02T08:00:11Z");
    }

    @Test
    void a_redacted_and_a_filtered_export_verify_and_the_gaps_are_told() throws IOException {
        var lines = new StringBuilder(ExportFile.begin(note()));
        for (int i : new int[] {0, 4, 6}) {
            lines.append(ExportFile.line(i, leaves.get(i), path(i), "nord", null, null));
        }

        assertThat(verified(0, lines + ExportFile.end()))
                .contains("told              0", "redacted          3", "1..4, 1 gaps");
    }

    @Test
    void an_export_that_broke_off_is_told_so_and_is_whole_with_its_continuation() throws IOException {
        var first = ExportFile.begin(note()) + line(0) + line(1) + line(2);
        var rest = new StringBuilder(ExportFile.begin(note()));
        for (int i = 3; i < SIZE; i++) {
            rest.append(line(i));
        }
        rest.append(ExportFile.end());

        assertThat(verified(1, first)).contains("broke off", "continue it after index 2");
        assertThat(verified(0, first + rest)).contains("entries           12");
    }

    @Test
    void whatever_is_changed_is_found_with_its_line() throws IOException {
        var whole = whole();
        var opened = "\"content\":{\"actor\":\"a4\"}";
        assertThat(whole).contains(opened);

        assertThat(verified(1, whole.replace(opened, "\"content\":{\"actor\":\"b4\"}")))
                .contains("line 6", "the text is not the one");
        assertThat(verified(1, whole.replaceFirst("\"kind\":\"update\"", "\"kind\":\"insert\"")))
                .contains("line 2", "time, kind or flags");
        assertThat(verified(1, whole.replaceFirst("\"flags\":\\[\"attributed\"]", "\"flags\":[]")))
                .contains("line 2", "time, kind or flags");
        assertThat(verified(1, whole.replaceFirst("\"time\":\"2026", "\"time\":\"2025")))
                .contains("line 2", "time, kind or flags");
        assertThat(verified(1, whole.replace("{\"index\":3,", "{\"index\":4,"))).contains("line 5");
        assertThat(verified(0, whole.replace(line(3), ""))).as("left out").contains("1..6, 1 gaps");
        assertThat(verified(1, whole.replace(line(3), line(3) + line(3)))).contains("line 6", "comes after");
        assertThat(verified(1, whole.replace(line(3) + line(4), line(4) + line(3))))
                .contains("line 6");
        assertThat(verified(1, whole.replace("\"salt\":\"" + salt(4), "\"salt\":\"" + salt(5))))
                .contains("line 6");
        var swapped = whole.replace(told(4), "<>").replace(told(5), told(4)).replace("<>", told(5));
        assertThat(verified(1, swapped)).as("one tenant's text for another's").contains("line 6", "the text is not");
        assertThat(verified(1, whole.replaceFirst("\"salt\":\"[^\"]*\"", "\"salt\":null")))
                .contains("without the salt");
        assertThat(verified(1, whole + "{\"index\":99}\n")).contains("line 15");
        assertThat(verified(1, whole.replace("log.example\\n12", "log.example\\n13")))
                .contains("FAILED");
    }

    @Test
    void a_certificate_of_erasure_is_proved_by_the_entry_that_says_the_same() throws IOException {
        var certificate = """
                {"tenant": "nord", "records": 42, "keyId": "key-1", "keyGone": true, "erasedAt": "2026-11-02T08:00:03Z"}
                """;
        assertThat(verified(0, whole(), certificate)).contains("certificate       logged 2026-11-02T08:00:03Z");
        for (var lie : List.of(
                certificate.replace("42", "43"),
                certificate.replace("key-1", "key-2"),
                certificate.replace("nord", "havn"),
                certificate.replace("08:00:03", "08:00:04"))) {
            assertThat(verified(1, whole(), lie)).contains("no entry says what the certificate says");
        }
        assertThat(verified(1, whole().replace(line(3), ""), certificate)).contains("no entry says");
        assertThat(verified(1, whole(), "{\"tenant\": \"nord\"}")).contains("does not say records");
    }

    /// The parity of the index is the tenant.
    private static AuditLeaf leaf(int index) {
        var pseudonym = Hash.leaf(new byte[] {(byte) (index % 2)});
        return new AuditLeaf(
                switch (index) {
                    case 3 -> AuditLeaf.Kind.ERASURE;
                    case SIZE - 1 -> AuditLeaf.Kind.TENANT_HEAD;
                    default -> AuditLeaf.Kind.ROW_UPDATED;
                },
                Set.of(AuditLeaf.Flag.ATTRIBUTED),
                pseudonym,
                index / 2 + 1,
                index < 2 ? AuditLeaf.NONE : index - 2,
                Instant.parse("2026-11-02T08:00:00Z").plusSeconds(index),
                new UUID(1, index),
                new UUID(2, 2),
                Hash.leaf(new byte[] {9, (byte) index}),
                AuditLeaf.commitment(saltBytes(index), text(index)));
    }

    private static byte[] saltBytes(int index) {
        var salt = new byte[AuditLeaf.SALT_LENGTH];
        salt[0] = (byte) index;
        return salt;
    }

    private static String salt(int index) {
        return Base64.getEncoder().encodeToString(saltBytes(index));
    }

    private static String told(int index) {
        return "\"content\":" + new String(text(index), StandardCharsets.UTF_8) + ",\"salt\":\"" + salt(index) + "\"";
    }

    private static byte[] text(int index) {
        if (index == 3) {
            return ("{\"actor\":{\"kind\":\"system\",\"id\":\"tenantdata\"},\"resource\":\"tenant_data/tenant/nord\",\"after\":"
                            + "{\"tenant\":\"nord\",\"records\":42,\"keyId\":\"key-1\",\"erasedAt\":\"2026-11-02T08:00:03Z\","
                            + "\"event\":\"TenantErased\"}}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        return ("{\"actor\":\"a" + index + "\"" + (index == 7 ? ",\"odd\":\"\u2028\u0085 \\\"salt\\\":\"" : "") + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Note note() {
        return new Checkpoint("log.example", SIZE, tree.naiveRoot(0, SIZE)).sign(KEY);
    }

    private List<Hash> path(int index) {
        return tree.naivePath(index, 0, SIZE);
    }

    private String line(int index) {
        return ExportFile.line(
                index, leaves.get(index), path(index), index % 2 == 0 ? "nord" : "havn", saltBytes(index), text(index));
    }

    private String whole() {
        var lines = new StringBuilder(ExportFile.begin(note()));
        for (int i = 0; i < SIZE; i++) {
            lines.append(line(i));
        }
        return lines.append(ExportFile.end()).toString();
    }

    private String verified(int status, String export) throws IOException {
        return verified(status, export, null);
    }

    private String verified(int status, String export, @Nullable String certificate) throws IOException {
        var file = Files.writeString(folder.resolve("export.jsonl"), export);
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var words = new ArrayList<>(List.of("--vkey", KEY.verifier().toString(), file.toString()));
        if (certificate != null) {
            words.add("--certificate");
            words.add(Files.writeString(folder.resolve("certificate.json"), certificate)
                    .toString());
        }
        int ended = Verify.run(stream, stream, words.toArray(String[]::new));
        assertThat(ended).as(out.toString(StandardCharsets.UTF_8)).isEqualTo(status);
        return out.toString(StandardCharsets.UTF_8);
    }
}
