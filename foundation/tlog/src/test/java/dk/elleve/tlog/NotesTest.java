package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotesTest {

    private static final List<VerifierKey> TRUSTED = List.of(Logs.SIGNER.verifier(), Logs.WITNESS.verifier());

    private final Note note = Logs.checkpoint(5, Hash.leaf(new byte[0]));

    @Test
    void keys_come_back_from_their_text_and_every_changed_character_is_seen() {
        for (var key : List.of(Logs.SIGNER, Logs.WITNESS)) {
            assertThat(VerifierKey.parse(key.verifier().toString())).isEqualTo(key.verifier());
            assertThat(SignerKey.parse(key.secret()).verifier()).isEqualTo(key.verifier());
        }
        var text = Logs.SIGNER.verifier().toString();
        for (int i = 0; i < text.length(); i++) {
            var changed = text.substring(0, i) + (char) (text.charAt(i) ^ 1) + text.substring(i + 1);
            assertThatThrownBy(() -> VerifierKey.parse(changed)).as(changed).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void a_generated_key_signs_what_its_public_half_verifies() {
        var key = SignerKey.generate("new.example", SignatureType.ED25519, new SecureRandom());

        assertThat(Note.sign("text\n", key)
                        .verify(List.of(VerifierKey.parse(key.verifier().toString()))))
                .hasSize(1);
    }

    @Test
    void the_secret_of_a_signer_is_in_no_text_but_the_one_asked_for() {
        var secret = Logs.SIGNER.secret();

        assertThat(Logs.SIGNER.toString())
                .isEqualTo("signer of " + Logs.SIGNER.verifier().id());
        for (var broken : List.of(
                secret.substring(1),
                secret + "!",
                secret.replace("log.", "lug."),
                secret.substring(0, secret.length() - 4))) {
            assertThatThrownBy(() -> SignerKey.parse(broken))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageNotContaining(secret.substring(secret.length() - 40, secret.length() - 8));
        }
    }

    @Test
    void a_note_comes_back_from_its_bytes() {
        assertThat(Note.parse(note.bytes())).isEqualTo(note);
        assertThat(note.verify(TRUSTED)).hasSize(2);
        var verse = Note.sign("first\n\nsecond, after an empty line\n", Logs.SIGNER);
        assertThat(Note.parse(verse.format()).text()).isEqualTo(verse.text());
    }

    @Test
    void unknown_signatures_are_left_alone_and_known_wrong_ones_refuse_the_note() {
        var withStranger = note.with(Logs.STRANGER.sign("something else\n"));
        assertThat(withStranger.verify(TRUSTED)).hasSize(2);

        var wrong = note.with(Logs.SIGNER.sign("something else\n"));
        assertThatThrownBy(() -> wrong.verify(TRUSTED))
                .isInstanceOf(VerificationException.class)
                .hasMessage("signature of key " + Logs.SIGNER.verifier().id() + " does not verify");

        assertThatThrownBy(() -> note.verify(List.of(Logs.STRANGER.verifier())))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("no signature of a trusted key");
        assertThatThrownBy(() -> note.verify(List.of())).isInstanceOf(VerificationException.class);
    }

    @Test
    void a_key_of_the_same_name_or_the_same_id_is_another_key() {
        var sameName = Logs.signer(Logs.ORIGIN, SignatureType.ED25519, 9).verifier();
        var signature = note.signatures().getFirst();
        var sameId = new NoteSignature("other.example", signature.keyId(), signature.signature());

        assertThat(note.verify(List.of(sameName, Logs.WITNESS.verifier()))).hasSize(1);
        assertThat(note.with(sameId).verify(TRUSTED)).hasSize(2);
    }

    @Test
    void many_signatures_are_accepted_and_very_many_are_not() {
        var line = Logs.STRANGER.sign(note.text()).line();
        var many = note.format() + String.join("", Collections.nCopies(98, line));

        assertThat(Note.parse(many).verify(TRUSTED)).hasSize(2);
        assertThatThrownBy(() -> Note.parse(many + line)).isInstanceOf(MalformedException.class);
    }

    @Test
    void no_single_changed_byte_of_a_checkpoint_is_opened_unless_it_is_in_what_nobody_here_can_check() {
        byte[] bytes = note.bytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 2;
            try {
                var opened = SignedCheckpoint.open(Note.parse(changed), TRUSTED, 1);
                // The witness's line under another name is a signature of an unknown key: the log's own word is
                // untouched.
                assertThat(opened.checkpoint().text()).isEqualTo(note.text());
                assertThat(opened.unchecked()).hasSize(1);
                assertThat(opened.verified()).containsExactly(note.signatures().getFirst());
            } catch (TlogException e) {
                assertThat(e).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void a_checkpoint_must_be_signed_by_the_log_it_names() {
        var cosignedOnly = new Note(note.text(), note.signatures().subList(1, 2));
        assertThatThrownBy(() -> SignedCheckpoint.open(cosignedOnly.format(), TRUSTED))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("is not signed by a trusted key of that name");

        var foreign = Note.sign(note.text(), Logs.STRANGER);
        assertThatThrownBy(() -> SignedCheckpoint.open(
                        foreign.format(), List.of(Logs.STRANGER.verifier(), Logs.SIGNER.verifier())))
                .isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> Checkpoint.parse(note.text()).sign(Logs.STRANGER))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_cosignature_counts_only_for_its_own_second() {
        var cosignature = note.signatures().get(1);
        assertThat(VerifierKey.cosignedAt(cosignature))
                .isEqualTo(Logs.START.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));

        byte[] later = cosignature.signature();
        later[7]++;
        var moved = new NoteSignature(cosignature.keyName(), cosignature.keyId(), later);
        assertThat(Logs.WITNESS.verifier().verifies(note.text(), cosignature)).isTrue();
        assertThat(Logs.WITNESS.verifier().verifies(note.text(), moved)).isFalse();
    }

    @Test
    void only_one_spelling_of_a_checkpoint_is_read() {
        var root = Hash.leaf(new byte[0]).base64();
        assertThat(Checkpoint.parse("log\n18446744073709551615\n" + root + "\n").size())
                .isEqualTo(-1);
        assertThat(Checkpoint.parse("log\n5\n" + root + "\nmore\n").extensions())
                .containsExactly("more");
        for (var wrong : List.of(
                "log\n5\n" + root,
                "log\n5\n" + root + "\n\n",
                "log\n05\n" + root + "\n",
                "log\n+5\n" + root + "\n",
                "log\n٥\n" + root + "\n",
                "log\n 5\n" + root + "\n",
                "log\n18446744073709551616\n" + root + "\n",
                "log\n5\n" + root.replace("=", "") + "\n",
                "log\n5\n" + root.substring(0, 42) + "1=\n",
                "log\n5\n" + root + " \n",
                "log\n0\n" + root + "\n",
                "\n5\n" + root + "\n",
                "log\n5\n")) {
            assertThatThrownBy(() -> Checkpoint.parse(wrong)).as(wrong).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void bytes_that_are_no_text_are_refused_with_their_place() {
        byte[] bytes = note.bytes();
        bytes[note.text().indexOf('\n') + 1] = (byte) 0xff;
        assertThatThrownBy(() -> Note.parse(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> Note.parse("a\tb\n\n" + Logs.SIGNER.sign("x\n").line()))
                .hasMessage("line 1 holds the control character U+0009");
        assertThatThrownBy(() -> Note.parse(new byte[2 << 20])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> Note.sign("unpaired \ud800\n", Logs.SIGNER)).isInstanceOf(MalformedException.class);
        assertThat(note.bytes()).isEqualTo(note.format().getBytes(StandardCharsets.UTF_8));
    }
}
