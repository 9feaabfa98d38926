package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-02T08:00:00Z"), ZoneOffset.UTC);
    private static final SignerKey LOG = key("log.example", SignatureType.ED25519, 1);
    private static final SignerKey COSIGNER = key("witness.example/w1", SignatureType.COSIGNATURE_V1, 2);

    @TempDir
    Path folder;

    private Witness witness;

    @BeforeEach
    void open() throws IOException {
        witness = new Witness(COSIGNER, List.of(LOG.verifier()), folder, CLOCK);
    }

    @AfterEach
    void close() {
        witness.close();
    }

    @Test
    void a_conversation_goes_as_the_published_one() throws IOException {
        var sigsum = VerifierKey.of(
                "sigsum.org/v1/tree/4d6d8825a6bb689d459628312889dfbb0bcd41b5211d9e1ce768b0ff0309e562",
                SignatureType.ED25519,
                HexFormat.of().parseHex("ffdc2d4d98e4124d3feaf788c0c2f9abfd796083d1f0495437f302ec79cf100f"));
        var name = key("example.com/witness", SignatureType.COSIGNATURE_V1, 3);
        try (var other = new Witness(name, List.of(sigsum), folder.resolve("other"), CLOCK)) {
            for (var said : Vectors.file("witness-cosignature.json").path("addCheckpointSequence")) {
                var answer = other.add(said.path("body").asString().getBytes(StandardCharsets.UTF_8));

                var wanted = said.path("bodyContains").asString().replace("\\n", "\n");
                assertThat(answer.body()).as(said.toString()).contains(wanted);
                // That program answers 403 for a log it does not know; the specification says 404.
                assertThat(answer.status())
                        .as(said.toString())
                        .isEqualTo(
                                wanted.equals("unknown log")
                                        ? 404
                                        : said.path("status").asInt());
            }
        }
    }

    @Test
    void a_log_that_grows_is_cosigned_from_one_size_to_the_next() throws IOException {
        var tree = new Tree(300);

        for (long size : new long[] {1, 2, 255, 256, 300}) {
            var answer = witness.add(tree.request(last(), size));

            assertThat(answer.status()).as("size %d: %s", size, answer.body()).isEqualTo(200);
            var cosigned = tree.note(size)
                    .with(NoteSignature.parse(answer.body().strip(), "the answer"))
                    .verify(List.of(COSIGNER.verifier()));
            assertThat(VerifierKey.cosignedAt(cosigned.getFirst())).isEqualTo(CLOCK.instant());
        }
    }

    @Test
    void the_same_tree_is_cosigned_again_with_a_newer_time() throws IOException {
        var tree = new Tree(5);
        witness.add(tree.request(0, 5));

        assertThat(witness.add(tree.request(5, 5)).status()).isEqualTo(200);
    }

    @Test
    void another_history_is_refused_and_the_first_one_goes_on() throws IOException {
        var tree = new Tree(9);
        var other = new Tree(9, "other");
        witness.add(tree.request(0, 5));

        assertThat(witness.add(other.request(5, 9)).status()).isEqualTo(422);
        assertThat(witness.add(other.request(5, 5)).status())
                .as("the same size")
                .isEqualTo(422);
        assertThat(witness.add(tree.request(5, 9)).status()).isEqualTo(200);
    }

    @Test
    void a_smaller_tree_is_refused_with_the_size_that_was_cosigned() throws IOException {
        var tree = new Tree(9);
        witness.add(tree.request(0, 9));

        var answer = witness.add(tree.request(0, 5));

        assertThat(answer).isEqualTo(new Witness.Answer(409, "text/x.tlog.size", "9\n"));
        assertThat(witness.add(tree.request(9, 5)).status()).isEqualTo(400);
    }

    @Test
    void what_is_not_a_request_is_told_so() throws IOException {
        var good = new String(new Tree(9).request(0, 9), StandardCharsets.UTF_8);

        for (var wrong : List.of(
                "",
                "old\n",
                "old -1\n\n",
                "old 01\n\n" + good.substring(7),
                good.replaceFirst("\n\n", "\nAAAA\n\n"),
                good.replaceFirst("\n9\n", "\n09\n"),
                "old 0\n" + "KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(64) + good.substring(6))) {
            assertThat(witness.add(wrong.getBytes(StandardCharsets.UTF_8)).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(witness.add(good.replace("log.example\n", "log.elsewhere\n").getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(404);
        for (var unsigned : List.of(good.replace("\n9\n", "\n8\n"), good.substring(0, good.length() - 3))) {
            assertThat(witness.add(unsigned.getBytes(StandardCharsets.UTF_8)).status())
                    .as(unsigned)
                    .isEqualTo(403);
        }
    }

    @Test
    void what_was_cosigned_is_remembered_by_the_next_process_and_one_alone_has_the_folder() throws IOException {
        var tree = new Tree(9);
        witness.add(tree.request(0, 5));
        assertThatThrownBy(() -> new Witness(COSIGNER, List.of(LOG.verifier()), folder, CLOCK))
                .satisfies(refusal -> assertThat(refusal.getClass().getSimpleName())
                        .isIn("IOException", "OverlappingFileLockException"));

        witness.close();
        witness = new Witness(COSIGNER, List.of(LOG.verifier()), folder, CLOCK);

        assertThat(witness.add(new Tree(9, "other").request(0, 9)).status()).isEqualTo(409);
        assertThat(witness.add(tree.request(5, 9)).status()).isEqualTo(200);
        assertThat(witness.latest(Witness.hashOf("log.example")).orElseThrow()).startsWith("log.example\n9\n");
    }

    @Test
    void of_many_forks_at_once_one_is_cosigned() throws Exception {
        var answers = new ArrayList<Integer>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var tasks = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 40; i++) {
                var fork = new Tree(7, "fork " + i).request(0, 7);
                tasks.add(() -> witness.add(fork).status());
            }
            for (var answer : threads.invokeAll(tasks)) {
                answers.add(answer.get());
            }
        }
        assertThat(answers).containsOnlyOnce(200).hasSize(40);
        answers.remove(Integer.valueOf(200));
        assertThat(answers).containsOnly(409);
    }

    @Test
    void a_log_finds_out_how_far_its_witness_is_and_gets_its_cosignatures() throws Exception {
        var tree = new Tree(300);
        witness.add(tree.request(0, 100));
        try (var server = new WitnessServer(witness, new InetSocketAddress("127.0.0.1", 0));
                var http = HttpClient.newHttpClient()) {
            var prefix = URI.create("http://127.0.0.1:" + server.port());
            var client = new WitnessClient(http, prefix, COSIGNER.verifier(), Duration.ofSeconds(10));

            for (long size : new long[] {200, 200, 300}) {
                var cosignature = client.cosign(tree.note(size), old -> tree.proof(old, size));
                assertThat(COSIGNER.verifier().verifies(tree.note(size).text(), cosignature))
                        .isTrue();
            }
            assertThatThrownBy(() -> client.cosign(tree.note(250), old -> tree.proof(old, 250)))
                    .isInstanceOf(WitnessClient.Refused.class)
                    .hasMessageContaining("has cosigned 300");
            var other = new Tree(301, "other");
            assertThatThrownBy(() -> client.cosign(other.note(301), old -> other.proof(old, 301)))
                    .isInstanceOf(WitnessClient.Refused.class)
                    .hasMessageContaining("consistency proof");
            var stranger = key("witness.example/w1", SignatureType.COSIGNATURE_V1, 9);
            var deceived = new WitnessClient(http, prefix, stranger.verifier(), Duration.ofSeconds(10));
            assertThatThrownBy(() -> deceived.cosign(tree.note(300), old -> tree.proof(old, 300)))
                    .isInstanceOf(VerificationException.class);

            var shown = http.send(
                    HttpRequest.newBuilder(prefix.resolve("/" + Witness.hashOf("log.example") + "/checkpoint"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(shown.statusCode()).isEqualTo(200);
            assertThat(SignedCheckpoint.open(shown.body(), List.of(LOG.verifier(), COSIGNER.verifier()))
                            .verified())
                    .hasSize(2);
        }
    }

    private long last() throws IOException {
        return witness.latest(Witness.hashOf("log.example"))
                .map(note -> Checkpoint.parse(Note.parse(note).text()).size())
                .orElse(0L);
    }

    private static SignerKey key(String name, SignatureType type, int seed) {
        var bytes = new byte[32];
        bytes[0] = (byte) seed;
        return SignerKey.of(name, type, bytes);
    }

    /// A tree of made-up entries, signed at any size.
    private static final class Tree {

        private final MemoryTree leaves;

        Tree(int size) {
            this(size, "entry");
        }

        Tree(int size, String word) {
            leaves = MemoryTree.of(size, index -> (word + " " + index).getBytes(StandardCharsets.UTF_8));
        }

        Note note(long size) {
            return new Checkpoint("log.example", size, leaves.naiveRoot(0, size)).sign(LOG);
        }

        List<Hash> proof(long old, long size) {
            return old >= size ? List.of() : leaves.naiveProof((int) old, (int) size);
        }

        byte[] request(long old, long size) {
            return new Witness.Request(old, proof(old, size), note(size).format())
                    .format()
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
