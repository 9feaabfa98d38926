package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class NoteVectorsTest {

    @Test
    void notes_are_opened_or_refused_as_the_vectors_say() {
        var vectors = Vectors.file("signed-note.json").path("vectors");
        assertThat(vectors.size()).isEqualTo(14);
        for (var vector : vectors) {
            var keys = strings(vector.path("vkeys")).stream()
                    .map(VerifierKey::parse)
                    .toList();
            assertThat(outcome(vector, keys)).as(vector.path("name").asString()).isEqualTo(expected(vector));
        }
    }

    private static String outcome(JsonNode vector, List<VerifierKey> keys) {
        try {
            var note = vector.has("noteBase64")
                    ? Note.parse(Vectors.base64(vector.path("noteBase64")))
                    : Note.parse(vector.path("note").asString());
            assertThat(note.format()).isEqualTo(vector.path("note").asString());
            return note.verify(keys).stream()
                    .map(NoteSignature::keyName)
                    .toList()
                    .toString();
        } catch (MalformedException e) {
            return "malformed";
        } catch (VerificationException e) {
            return e.getMessage().contains("does not verify") ? "invalid signature" : "no verifiable signatures";
        }
    }

    private static String expected(JsonNode vector) {
        var expect = vector.path("expect").asString();
        return expect.equals("ok") ? strings(vector.path("verified")).toString() : expect;
    }

    @Test
    void signing_gives_the_published_note() {
        for (var vector : Vectors.file("signed-note.json").path("signing")) {
            var key = SignerKey.parse(vector.path("skey").asString());

            assertThat(Note.sign(vector.path("text").asString(), key).format())
                    .isEqualTo(vector.path("wantNote").asString());
            assertThat(key.secret()).isEqualTo(vector.path("skey").asString());
        }
    }

    @Test
    void key_ids_are_the_published_ones() {
        var vectors = Vectors.file("signed-note.json").path("keyIds");
        assertThat(vectors.size()).isEqualTo(6);
        for (var vector : vectors) {
            var key = VerifierKey.parse(vector.path("vkey").asString());

            assertThat(key.name()).isEqualTo(vector.path("name").asString());
            assertThat("%08x".formatted(key.keyId()))
                    .isEqualTo(vector.path("keyIdHex").asString());
            assertThat(key.type().code())
                    .isEqualTo((byte) vector.path("sigType").asInt());
            assertThat(HexFormat.of().formatHex(key.rawPublicKey()))
                    .isEqualTo(vector.path("publicKeyHex").asString());
            assertThat(key).hasToString(vector.path("vkey").asString());
        }
    }

    @Test
    void cosignatures_are_the_published_ones() {
        for (var vector : Vectors.file("witness-cosignature.json").path("ed25519Cosignatures")) {
            var note = Note.parse(vector.path("checkpoint").asString());
            var witness = SignerKey.of(
                    vector.path("cosignerName").asString(),
                    SignatureType.COSIGNATURE_V1,
                    HexFormat.of().parseHex(vector.path("seedHex").asString()));
            var time = Instant.ofEpochSecond(vector.path("timestamp").asLong());

            var cosignature = witness.cosign(note.text(), time);

            assertThat(witness.verifier()).hasToString(vector.path("vkey").asString());
            assertThat(cosignature.line().strip())
                    .isEqualTo(vector.path("cosignatureLine").asString().strip());
            var cosigned = note.with(cosignature);
            assertThat(cosigned.format())
                    .isEqualTo(vector.path("cosignedCheckpoint").asString());
            assertThat(cosigned.verify(
                            List.of(VerifierKey.parse(vector.path("vkey").asString()))))
                    .containsExactly(cosignature);
            assertThat(VerifierKey.cosignedAt(cosignature)).isEqualTo(time);
        }
    }

    @Test
    void checkpoint_bodies_are_read_or_refused_as_the_vectors_say() {
        for (var vector : Vectors.file("checkpoint-body.json").path("vectors")) {
            var body = vector.path("body").asString();
            // Two positive vectors carry roots that are no SHA-256 values; a strict reader refuses them for their
            // length.
            if (vector.path("valid").asBoolean()) {
                assertThatThrownBy(() -> Checkpoint.parse(body))
                        .isInstanceOf(MalformedException.class)
                        .hasMessageContaining("the checkpoint's root, is")
                        .hasMessageContaining("must be 32");
            } else {
                assertThatThrownBy(() -> Checkpoint.parse(body))
                        .as(vector.path("name").asString())
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void ed25519_accepts_nothing_that_another_verifier_would_refuse() {
        int accepted = 0;
        for (var vector : Vectors.file("ed25519-edge-cases.json").path("vectors")) {
            var flags = strings(vector.path("flags"));
            boolean verifies = verifies(vector);
            accepted += verifies ? 1 : 0;
            // RFC 8032 without cofactor: canonical points only, and the equation holds exactly.
            boolean expected = !flags.contains("non_canonical_A")
                    && !flags.contains("non_canonical_R")
                    && !flags.contains("low_order_residue");
            assertThat(verifies)
                    .as("vector " + vector.path("number") + " " + flags)
                    .isEqualTo(expected);
        }
        assertThat(accepted).isEqualTo(172);
    }

    private static boolean verifies(JsonNode vector) {
        try {
            return VerifierKey.ed25519Verifies(
                    VerifierKey.ed25519(
                            HexFormat.of().parseHex(vector.path("key").asString())),
                    vector.path("msg").asString().getBytes(StandardCharsets.UTF_8),
                    HexFormat.of().parseHex(vector.path("sig").asString()));
        } catch (MalformedException e) {
            return false;
        }
    }

    @Test
    void proof_files_are_read_or_refused_as_the_vectors_say() {
        var vectors = Vectors.file("tlog-proof.json").path("vectors");
        assertThat(vectors.size()).isEqualTo(10);
        for (var vector : vectors) {
            var file = vector.path("proof").asString();
            if (vector.path("ok").asBoolean()) {
                var proof = TlogProof.parse(file);
                assertThat(proof.index()).isEqualTo(vector.path("index").asLong());
                assertThat(proof.path()).isEqualTo(Vectors.hashes(vector.path("hashes")));
                assertThat(proof.format()).isEqualTo(file);
            } else {
                assertThatThrownBy(() -> TlogProof.parse(file))
                        .as(vector.path("name").asString())
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void proofs_over_the_published_log_verify() {
        var vectors = Vectors.file("tlog-proof.json").path("endToEnd");
        assertThat(vectors.size()).isEqualTo(5);
        for (var vector : vectors) {
            var keys = List.of(VerifierKey.parse(vector.path("logVkey").asString()));
            var proof = TlogProof.parse(vector.path("proof").asString());
            byte[] entry = vector.path("entryUtf8").asString().getBytes(StandardCharsets.UTF_8);

            var signed = proof.verify(entry, keys);

            assertThat(signed.checkpoint().origin()).isEqualTo("example.com/log/testdata");
            assertThatThrownBy(() -> proof.verify("another".getBytes(StandardCharsets.UTF_8), keys))
                    .isInstanceOf(VerificationException.class);
        }
    }

    private static List<String> strings(JsonNode values) {
        var strings = new ArrayList<String>();
        StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asString)
                .forEach(strings::add);
        return strings;
    }
}
