package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class VerifyTest {

    private static final String KEY = Logs.SIGNER.verifier().toString();
    private static final String WITNESS_KEY = Logs.WITNESS.verifier().toString();

    @TempDir
    private Path folder;

    private record Outcome(int status, String out, String err) {}

    private static Outcome verify(Object... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = Verify.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Stream.of(args).map(Object::toString).toArray(String[]::new));
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Outcome verifyTrusting(Object... args) {
        return verify(Stream.concat(Stream.of(args), Stream.of("--vkey", KEY, "--vkey", WITNESS_KEY))
                .toArray());
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    // Proofs

    @Test
    void a_proof_verifies_with_the_key_alone() throws IOException {
        var proof = file(
                "5.tlog-proof",
                Logs.proof(Logs.log(Logs.entries(11)), 5).format().getBytes(StandardCharsets.UTF_8));

        var outcome = verifyTrusting(proof);

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .startsWith("VERIFIED  " + proof)
                .contains("index             5", "size              11", "event             ROW_UPDATED")
                .contains("witness.example+", "at 2026-11-23T12:00:00Z");
    }

    @Test
    void every_changed_byte_of_a_proof_is_found_and_its_place_is_named() throws IOException {
        var proof = Logs.proof(Logs.log(Logs.entries(7)), 4);
        byte[] bytes = proof.format().getBytes(StandardCharsets.UTF_8);
        var wrong = new ArrayList<String>();
        int line = 1;
        for (int i = 0; i < bytes.length; i++) {
            // The leaf is long, and every byte of it takes the same way.
            if (line != 2 || i % 4 == 0 || bytes[i] == '\n') {
                byte[] changed = bytes.clone();
                changed[i] ^= 1;
                var outcome = verifyTrusting(file("changed.tlog-proof", changed));
                if (outcome.status() != 1 || !named(outcome.out(), line, bytes[i] == '\n')) {
                    wrong.add("byte " + i + ", line " + line + ": " + outcome.status() + " " + outcome.out());
                }
            }
            line += bytes[i] == '\n' ? 1 : 0;
        }

        assertThat(wrong).isEmpty();
    }

    /// Every message names the line, or what stands in it; where a line end was changed, this line or the next.
    private static boolean named(String out, int line, boolean lineEnd) {
        var message = out.substring(out.indexOf(": ") + 2);
        boolean numbered = message.contains("line " + line + " ")
                || message.contains("line " + line + ",")
                || message.contains("line " + line + ")");
        return switch (line) {
            case 2 -> numbered || message.contains("byte ") && message.contains("line 2") || lineEnd;
            // Origin to root.
            case 8, 9, 10 -> numbered || lineEnd;
            // The empty lines are the form of the file.
            case 7, 11 ->
                message.contains("line") || message.contains("breaks off") || message.contains("no empty line");
            // The witness's or the log's signature: named by line or as key.
            case 12, 13 -> numbered || message.contains("signature") || lineEnd;
            default -> numbered || lineEnd;
        };
    }

    @Test
    void the_message_says_what_was_changed() throws IOException {
        var log = Logs.log(Logs.entries(1000));
        var proof = Logs.proof(log, 789);
        var lines = List.of(proof.format().split("\n", -1));

        assertThat(changed(lines, 2, "RUxW", "RUxX")).contains("the leaf bytes were changed", "line 2", "byte 2");
        assertThat(changed(lines, 3, "789", "788"))
                .contains("the index (line 3) was changed", "says 788", "belong to 789");
        for (int i = 0; i < proof.path().size(); i++) {
            var hash = lines.get(3 + i);
            var other = hash.substring(0, 20) + (hash.charAt(20) == 'A' ? 'B' : 'A') + hash.substring(21);
            assertThat(changed(lines, 4 + i, hash, other))
                    .contains("path hash " + (i + 1) + " of 10 (line " + (4 + i) + ") was changed at character 21");
        }
        assertThat(changed(lines, 15, Logs.ORIGIN, "lug.elleve.example")).contains("the origin (line 15) was changed");
        assertThat(changed(lines, 16, "1000", "1001")).contains("the size (line 16) was changed", "signed was 1000");
        var root = lines.get(16);
        assertThat(changed(lines, 17, root, Hash.EMPTY_ROOT.base64())).contains("the root (line 17) was changed", root);
        assertThat(changed(lines, 19, "example ", "example.org "))
                .contains("the key name of the signature in line 19 was changed");
        var signature = lines.get(18);
        assertThat(changed(lines, 19, signature.substring(40, 50), "AAAAAAAAAA"))
                .contains("so the signature itself was changed");
        assertThat(changed(lines, 1, "v1", "v2")).contains("line 1 of a proof must be");
        assertThat(changed(lines, 4, lines.get(3) + "\n", "")).contains("the path has 9 hashes", "needs 10");
    }

    private String changed(List<String> lines, int number, String from, String to) throws IOException {
        var copy = new ArrayList<>(lines);
        var line = copy.get(number - 1) + "\n";
        assertThat(line).contains(from);
        copy.set(number - 1, line.replace(from, to).replaceFirst("\n$", ""));
        if (to.isEmpty()) {
            copy.remove(number - 1);
        }
        var outcome = verifyTrusting(
                file("changed.tlog-proof", String.join("\n", copy).getBytes(StandardCharsets.UTF_8)));
        assertThat(outcome.status()).isOne();
        assertThat(outcome.out()).startsWith("FAILED").hasLineCount(1);
        return outcome.out();
    }

    @Test
    void a_proof_without_its_entry_asks_for_it_and_takes_it_from_a_file() throws IOException {
        var log = Logs.log(Logs.entries(11));
        var full = Logs.proof(log, 5);
        var bare = new TlogProof(Optional.empty(), full.index(), full.path(), full.checkpoint());
        var proof = file("bare.tlog-proof", bare.format().getBytes(StandardCharsets.UTF_8));
        var right = file("leaf", Logs.entries(11).get(5));
        var wrong = file("other", Logs.entries(11).get(6));

        assertThat(verifyTrusting(proof).out()).contains("--leaf FILE");
        assertThat(verifyTrusting(proof, "--leaf", right).status()).isZero();
        assertThat(verifyTrusting(proof, "--leaf", wrong).out())
                .contains("FAILED", "leaf hash does not match: the leaf file");
        var carrying = file("full.tlog-proof", full.format().getBytes(StandardCharsets.UTF_8));
        assertThat(verifyTrusting(carrying, "--leaf", wrong).out()).contains("the leaf in line 2 is not the one in");
    }

    @Test
    void a_payload_is_compared_with_the_leaf() throws IOException {
        var proof = file(
                "5.tlog-proof",
                Logs.proof(Logs.log(Logs.entries(11)), 5).format().getBytes(StandardCharsets.UTF_8));
        var ciphertext = file("ciphertext", Logs.ciphertext(5));
        var opening = file("opening", concat(Logs.salt(5), Logs.text(5)));
        var other = file("other", concat(Logs.salt(5), Logs.text(6)));

        assertThat(verifyTrusting(proof, "--ciphertext", ciphertext, "--opening", opening)
                        .status())
                .isZero();
        assertThat(verifyTrusting(proof, "--opening", other).out()).contains("FAILED", "the text is not the one");
        assertThat(verifyTrusting(proof, "--ciphertext", other).out())
                .contains("FAILED", "the ciphertext is not the one");
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void a_directory_of_proofs_is_verified_one_by_one() throws IOException {
        var log = Logs.log(Logs.entries(11));
        for (int i = 0; i < 3; i++) {
            file(i + ".tlog-proof", Logs.proof(log, i).format().getBytes(StandardCharsets.UTF_8));
        }
        assertThat(verifyTrusting(folder).status()).isZero();

        file(
                "1.tlog-proof",
                Logs.proof(log, 1).format().replace("index 1", "index 2").getBytes(StandardCharsets.UTF_8));
        var outcome = verifyTrusting(folder);
        assertThat(outcome.status()).isOne();
        assertThat(outcome.out())
                .contains(
                        "VERIFIED  " + folder.resolve("0.tlog-proof"),
                        "FAILED  " + folder.resolve("1.tlog-proof"),
                        "VERIFIED  " + folder.resolve("2.tlog-proof"));
    }

    // Keys

    @Test
    void without_a_key_nothing_is_verified_and_the_way_to_give_one_is_told() throws IOException {
        var proof = file(
                "5.tlog-proof",
                Logs.proof(Logs.log(Logs.entries(11)), 5).format().getBytes(StandardCharsets.UTF_8));

        var outcome = verify(proof);

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("no key to trust", "--vkey KEY");
    }

    @Test
    void keys_come_from_files_and_the_default_only_where_nothing_else_is_given() throws IOException {
        var proof = file(
                "5.tlog-proof",
                Logs.proof(Logs.log(Logs.entries(11)), 5).format().getBytes(StandardCharsets.UTF_8));
        var keys = file("log.vkey", ("# the log\n\n" + KEY + "\n").getBytes(StandardCharsets.UTF_8));
        var stranger = Logs.STRANGER.verifier().toString();

        assertThat(verify(proof, "--vkey-file", keys).status()).isZero();
        assertThat(verify(proof, "--vkey-file", keys).out()).contains("notChecked        witness.example+");
        assertThat(verify(proof, "--default-vkey-file", keys).status()).isZero();
        var other = verify(proof, "--default-vkey-file", keys, "--vkey", stranger);
        assertThat(other.status()).isOne();
        assertThat(other.out())
                .contains(
                        "no signature of a trusted key", Logs.SIGNER.verifier().id());
        assertThat(verify(proof, "--default-vkey-file", folder.resolve("absent"))
                        .status())
                .isEqualTo(2);
        assertThat(verify(proof, "--vkey", KEY.replace("+A", "+B")).status()).isEqualTo(2);
        assertThat(verify(proof, "--vkey", WITNESS_KEY).out())
                .contains("FAILED", "not signed by a trusted key of that name");
    }

    // Checkpoints, options, output

    @Test
    void a_checkpoint_file_is_verified_by_its_signatures() throws IOException {
        var log = Logs.log(Logs.entries(11));
        var checkpoint = file("checkpoint", log.get("checkpoint"));
        assertThat(verifyTrusting(checkpoint).out()).startsWith("VERIFIED").contains("kind              checkpoint");

        var changed = file(
                "changed",
                new String(log.get("checkpoint"), StandardCharsets.UTF_8)
                        .replace("\n11\n", "\n12\n")
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(verifyTrusting(changed).out())
                .contains("FAILED", "the size (line 2) was changed: it says 12, signed was 11");
    }

    @Test
    void what_cannot_be_tried_is_neither_verified_nor_failed() throws IOException {
        assertThat(verifyTrusting(folder.resolve("absent")).status()).isEqualTo(2);
        assertThat(verifyTrusting(folder).out()).contains("holds neither a log");
        assertThat(verify("--nonsense").err()).contains("no option --nonsense");
        assertThat(verify("--vkey").err()).contains("needs a value");
        assertThat(verify().status()).isEqualTo(2);
        assertThat(verifyTrusting("http://127.0.0.1:1/log").status()).isEqualTo(2);
        assertThat(verify("--help").out()).contains("--vkey KEY", "Exit status");
    }

    @Test
    void json_is_one_object_a_line() throws IOException {
        var good = file(
                "good.tlog-proof",
                Logs.proof(Logs.log(Logs.entries(11)), 5).format().getBytes(StandardCharsets.UTF_8));
        var bad = file("bad.tlog-proof", "nonsense \"\\\n".getBytes(StandardCharsets.UTF_8));

        var lines = verifyTrusting(good, bad, "--json")
                .out()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("verified").asBoolean()).isTrue();
        assertThat(lines.get(0).path("index").asString()).isEqualTo("5");
        assertThat(lines.get(0).path("signedBy").size()).isEqualTo(2);
        assertThat(lines.get(1).path("verified").asBoolean()).isFalse();
        assertThat(lines.get(1).path("error").asString()).contains("line 1 of a proof must be");
    }

    // Whole logs

    private static final int SIZE = 66_000;
    private static final Map<String, byte[]> LARGE = Logs.log(Logs.entries(SIZE));

    /// A copy to damage.
    private static Map<String, byte[]> large() {
        return new ConcurrentHashMap<>(LARGE);
    }

    private static String fsck(Map<String, byte[]> log) {
        var note = SignedCheckpoint.open(
                new String(log.get("checkpoint"), StandardCharsets.UTF_8), List.of(Logs.SIGNER.verifier()));
        try {
            return Fsck.check(Logs.source(log), note.checkpoint(), done -> {}).toString();
        } catch (TlogException e) {
            return e.getMessage();
        }
    }

    private static void flip(Map<String, byte[]> log, String path, int at) {
        byte[] bytes = log.get(path).clone();
        bytes[at] ^= 4;
        log.put(path, bytes);
    }

    @Test
    void a_whole_log_verifies_on_disk_and_over_http() throws IOException {
        var log = Logs.log(Logs.entries(600));
        Logs.write(log, folder);
        var outcome = verifyTrusting(folder);
        assertThat(outcome.status()).as(outcome.out()).isZero();
        assertThat(outcome.out()).contains("entries           600", "auditLeaves       600", "tenants           3");

        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/log/", exchange -> {
            byte[] body = log.get(exchange.getRequestURI().getPath().substring("/log/".length()));
            exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
            try (var stream = exchange.getResponseBody()) {
                if (body != null) {
                    stream.write(body);
                }
            }
        });
        server.createContext("/audit/entries/5/proof", exchange -> {
            byte[] body = Logs.proof(log, 5).format().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (var stream = exchange.getResponseBody()) {
                stream.write(body);
            }
        });
        server.start();
        try {
            var base = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(verifyTrusting(base + "/log").out()).startsWith("VERIFIED");
            assertThat(verifyTrusting(base + "/audit/entries/5/proof").out()).startsWith("VERIFIED");
            flip(log, "tile/entries/001", 100);
            assertThat(verifyTrusting(base + "/log/").out()).contains("FAILED", "tile/0/001 entry 0 differs");
            log.remove("checkpoint");
            assertThat(verifyTrusting(base + "/log/").out()).contains("FAILED", "checkpoint is missing");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_log_whose_server_takes_only_so_much_at_once_is_read_more_slowly() throws IOException {
        var log = Logs.log(Logs.entries(600));
        var asked = new ConcurrentHashMap<String, Integer>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            byte[] body = log.get(path.substring(1));
            boolean refused = path.contains("/entries/") && asked.merge(path, 1, Integer::sum) < 3;
            exchange.getResponseHeaders().set("Retry-After", "0");
            exchange.sendResponseHeaders(refused ? 429 : body == null ? 404 : 200, 0);
            try (var stream = exchange.getResponseBody()) {
                if (body != null && !refused) {
                    stream.write(body);
                }
            }
        });
        server.start();
        try {
            var base = "http://127.0.0.1:" + server.getAddress().getPort();
            assertThat(verifyTrusting(base).out()).startsWith("VERIFIED");
            assertThat(asked)
                    .containsOnly(
                            entry("/tile/entries/000", 3),
                            entry("/tile/entries/001", 3),
                            entry("/tile/entries/002.p/88", 3));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void logs_of_every_small_size_and_around_tile_borders_verify() {
        var entries = Logs.entries(1030);
        for (int size : List.of(0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, 1030)) {
            assertThat(fsck(Logs.log(entries.subList(0, size)))).startsWith("Report[entries=" + size);
        }
        assertThat(fsck(LARGE)).startsWith("Report[entries=66000");
    }

    @Test
    void a_changed_entry_is_named() {
        var log = large();
        flip(log, "tile/entries/003", 2 + 17 * 166 + 50);
        assertThat(fsck(log))
                .isEqualTo(
                        "tile/0/003 entry 17 differs: entry 17 of tile/entries/003 (index 785) changed; the tile's hash leads to"
                                + " the signed root, the hash of what is there does not");

        var edge = large();
        flip(edge, "tile/entries/257.p/208", 2 + 207 * 166);
        assertThat(fsck(edge)).startsWith("tile/0/257.p/208 entry 207 differs: entry 207");
    }

    @Test
    void a_changed_tile_is_named_at_every_level() {
        for (var place : List.of(
                "tile/0/003:32:entry 1",
                "tile/0/257.p/208:0:entry 0",
                "tile/1/000:64:hash 2",
                "tile/1/001.p/1:5:hash 0",
                "tile/2/000.p/1:31:hash 0")) {
            var parts = place.split(":");
            var log = large();
            flip(log, parts[0], Integer.parseInt(parts[1]));
            assertThat(fsck(log)).startsWith(parts[0] + " " + parts[2] + " differs: the tile was changed");
        }
    }

    @Test
    void an_entry_changed_together_with_its_tiles_is_found_above_them() {
        var log = large();
        flip(log, "tile/entries/003", 2 + 17 * 166 + 50);
        byte[] tile = log.get("tile/0/003").clone();
        byte[] bundle = log.get("tile/entries/003");
        Hash.leaf(bundle, 17 * 166 + 2, 164).copyTo(tile, 17 * 32);
        log.put("tile/0/003", tile);
        assertThat(fsck(log))
                .startsWith(
                        "tile/1/000 hash 3 differs: the entries under hash 3 of tile/1/000 (from index 768) changed");

        byte[] above = log.get("tile/1/000").clone();
        TileReader.perfectRoot(tile, 0, 256).copyTo(above, 3 * 32);
        log.put("tile/1/000", above);
        assertThat(fsck(log)).startsWith("tile/2/000.p/1 hash 0 differs: the entries under hash 0");
    }

    @Test
    void a_history_rewritten_from_end_to_end_fails_at_the_signed_root() {
        var entries = new ArrayList<>(Logs.entries(600));
        var signed = Logs.log(entries).get("checkpoint");
        entries.set(17, "another".getBytes(StandardCharsets.UTF_8));
        var rewritten = Logs.log(entries);
        rewritten.put("checkpoint", signed);

        assertThat(fsck(rewritten)).startsWith("the root computed from all 600 entries is");
    }

    @Test
    void missing_cut_and_swapped_resources_are_named() {
        var log = large();
        log.remove("tile/entries/100");
        assertThat(fsck(log)).isEqualTo("tile/entries/100 is missing");

        log = large();
        log.put("tile/entries/100", Arrays.copyOf(LARGE.get("tile/entries/100"), 1000));
        assertThat(fsck(log)).startsWith("tile/entries/100: the bundle breaks off within entry 6");

        log = large();
        log.put("tile/entries/100", LARGE.get("tile/entries/101"));
        assertThat(fsck(log)).startsWith("tile/0/100 entry 0 differs: entry 0 of tile/entries/100");

        log = large();
        log.remove("tile/1/001.p/1");
        assertThat(fsck(log)).isEqualTo("tile/1/001.p/1 is missing");

        log = large();
        log.put("tile/0/005", new byte[31]);
        assertThat(fsck(log)).startsWith("tile/0/005 is 31 bytes long");
    }

    @Test
    void reordered_inserted_and_removed_entries_are_found() {
        var entries = Logs.entries(600);
        var signed = Logs.log(entries).get("checkpoint");
        var swapped = new ArrayList<>(entries);
        Collections.swap(swapped, 300, 301);
        var inserted = new ArrayList<>(entries.subList(0, 599));
        inserted.add(100, entries.get(0));
        var removed = new ArrayList<>(entries);
        removed.remove(100);
        removed.add(entries.get(0));
        for (var other : List.of(swapped, inserted, removed)) {
            var log = Logs.log(other);
            log.put("checkpoint", signed);
            assertThat(fsck(log)).doesNotStartWith("Report");
        }
    }

    @Test
    void a_hole_in_a_tenants_chain_fails_even_where_everything_is_signed() {
        var entries = new ArrayList<>(Logs.entries(600));
        entries.remove(300);

        assertThat(fsck(Logs.log(entries))).contains("breaks the chain of tenant");
        entries.set(10, Arrays.copyOf(entries.get(10), 100));
        assertThat(fsck(Logs.log(entries))).startsWith("entry 10 was logged damaged: audit leaf: must be 164 bytes");
    }

    @Test
    void a_log_that_does_not_continue_an_older_checkpoint_is_found() throws IOException {
        var entries = Logs.entries(600);
        var older = file("older", Logs.log(entries.subList(0, 400)).get("checkpoint"));
        var directory = Files.createDirectory(folder.resolve("log"));
        Logs.write(Logs.log(entries), directory);
        assertThat(verifyTrusting(directory, "--since", older).out())
                .startsWith("VERIFIED")
                .contains("continues         400");

        var other = new ArrayList<>(entries);
        other.set(17, "another".getBytes(StandardCharsets.UTF_8));
        var fork = file("fork", Logs.log(other.subList(0, 400)).get("checkpoint"));
        assertThat(verifyTrusting(directory, "--since", fork).out()).contains("FAILED", "history was rewritten");

        var newer = file("newer", Logs.log(Logs.entries(601)).get("checkpoint"));
        assertThat(verifyTrusting(directory, "--since", newer).out()).contains("FAILED", "rolled back");
    }
}
