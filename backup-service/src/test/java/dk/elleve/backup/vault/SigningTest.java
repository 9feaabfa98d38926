package dk.elleve.backup.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dk.elleve.tlog.SignatureType;
import dk.elleve.tlog.SignerKey;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SigningTest {

    private static final SignerKey KEY = SignerKey.generate("test/backups", SignatureType.ED25519, new SecureRandom());
    private static final SignerKey OTHER =
            SignerKey.generate("test/backups", SignatureType.ED25519, new SecureRandom());
    private static final byte[] STATEMENT = "{\"id\":\"one\"}".getBytes(StandardCharsets.UTF_8);
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    private final Signing signing = Signing.of(KEY.secret(), List.of(), null);

    @Test
    void what_was_signed_says_who_signed_it() {
        var signed = signing.sign("7", "base/one", STATEMENT);

        assertThat(signing.require("7", "base/one", signed, NOW))
                .contains(KEY.verifier().id());
        assertThat(Signing.statement(signed)).isEqualTo(STATEMENT);
    }

    @Test
    void signing_again_writes_the_same_bytes() {
        assertThat(signing.sign("7", "base/one", STATEMENT)).isEqualTo(signing.sign("7", "base/one", STATEMENT));
    }

    @Test
    void a_former_key_still_counts_when_it_is_named() {
        var signed = Signing.of(OTHER.secret(), List.of(), null).sign("7", "base/one", STATEMENT);

        assertThat(Signing.of(KEY.secret(), List.of(OTHER.verifier().toString()), null)
                        .require("7", "base/one", signed, NOW))
                .contains(OTHER.verifier().id());
    }

    @Test
    void another_key_does_not_count_though_it_bears_the_same_name() {
        var signed = Signing.of(OTHER.secret(), List.of(), null).sign("7", "base/one", STATEMENT);

        assertRefused(() -> signing.require("7", "base/one", signed, NOW));
    }

    @Test
    void a_signature_counts_for_its_cluster_its_name_and_its_content_only() {
        var signed = signing.sign("7", "base/one", STATEMENT);

        assertRefused(() -> signing.require("8", "base/one", signed, NOW));
        assertRefused(() -> signing.require("7", "base/two", signed, NOW));
        for (var i = 0; i < signed.length; i++) {
            var changed = signed.clone();
            changed[i] ^= 1;
            assertRefused(() -> signing.require("7", "base/one", changed, NOW));
        }
    }

    @Test
    void what_is_not_signed_is_refused_unless_it_is_from_before_there_was_a_key() {
        var later = Signing.of(KEY.secret(), List.of(), NOW);

        assertRefused(() -> signing.require("7", "base/one", STATEMENT, NOW));
        assertRefused(() -> later.require("7", "base/one", STATEMENT, NOW));
        assertThat(later.require("7", "base/one", STATEMENT, NOW.minusMillis(1)))
                .isEmpty();
    }

    @Test
    void without_a_key_nothing_is_signed_and_every_signature_is_passed_over() {
        assertThat(Signing.NONE.sign("7", "base/one", STATEMENT)).isEqualTo(STATEMENT);
        assertThat(Signing.NONE.require("7", "base/one", signing.sign("7", "base/one", STATEMENT), NOW))
                .isEmpty();
    }

    @Test
    void a_key_that_is_none_is_refused_and_not_repeated() {
        var broken = KEY.secret().substring(0, KEY.secret().length() - 4);

        assertThatThrownBy(() -> Signing.of(broken, List.of(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(broken.substring(broken.length() - 20)));
        assertThat(signing.toString()).doesNotContain(KEY.secret());
    }

    private static void assertRefused(Runnable reading) {
        assertThatThrownBy(reading::run)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.problem()).isEqualTo(VaultProblem.NOT_SIGNED));
    }
}
