package dk.elleve.tlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AuditLeafTest {

    private final AuditLeaf leaf = new AuditLeaf(
            AuditLeaf.Kind.ROW_UPDATED,
            Set.of(AuditLeaf.Flag.UNATTRIBUTED, AuditLeaf.Flag.DDL),
            Hash.sha256("nord".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            258,
            70_000,
            Instant.parse("2026-11-23T12:00:00.123456Z"),
            UUID.fromString("01930000-0000-7000-8000-00000000002a"),
            UUID.fromString("00000000-0000-0007-0000-000000000007"),
            Hash.sha256(Logs.ciphertext(1)),
            AuditLeaf.commitment(Logs.salt(1), Logs.text(1)));

    @Test
    void the_bytes_are_the_documented_ones() {
        assertThat(HexFormat.of().formatHex(leaf.bytes()))
                .isEqualTo("454c5601" + "0002" + "0022" + "fffdffdd"
                        + leaf.tenant().hex()
                        + "0000000000000102"
                        + "0000000000011170"
                        + "000660f055521240"
                        + "01930000000070008000" + "00000000002a"
                        + "00000000000000070000000000000007"
                        + leaf.ciphertextHash().hex()
                        + leaf.commitment().hex());
        assertThat(leaf.bytes()).hasSize(AuditLeaf.LENGTH);
    }

    @Test
    void a_leaf_comes_back_from_its_bytes() {
        assertThat(AuditLeaf.parse(leaf.bytes())).isEqualTo(leaf);
        assertThat(Logs.leaves(50))
                .allSatisfy(one -> assertThat(AuditLeaf.parse(one.bytes())).isEqualTo(one));
    }

    @Test
    void every_changed_bit_is_refused_or_is_another_leaf_with_exactly_those_bytes() {
        byte[] bytes = leaf.bytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            if (bit / 8 < 12) {
                // Magic, version, kind and flags vouch for themselves.
                assertThatThrownBy(() -> AuditLeaf.parse(changed)).isInstanceOf(MalformedException.class);
                continue;
            }
            try {
                var other = AuditLeaf.parse(changed);
                assertThat(other).isNotEqualTo(leaf);
                assertThat(other.bytes()).isEqualTo(changed);
            } catch (MalformedException e) {
                assertThat(e).hasMessageStartingWith("audit leaf: ");
            }
        }
    }

    @Test
    void every_other_length_is_refused() {
        for (int length = 0; length < 2 * AuditLeaf.LENGTH; length++) {
            byte[] changed = Arrays.copyOf(leaf.bytes(), length);
            if (length != AuditLeaf.LENGTH) {
                assertThatThrownBy(() -> AuditLeaf.parse(changed)).isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void undefined_kinds_and_flags_are_refused_even_with_their_inverse_right() {
        for (var wrong : List.of(0x0000_0000, 0x0002_8000, 0x0002_0003, 0xffff_0000, 0x0006_0000)) {
            byte[] changed = leaf.bytes();
            java.nio.ByteBuffer.wrap(changed).putInt(4, wrong).putInt(8, ~wrong);
            assertThatThrownBy(() -> AuditLeaf.parse(changed))
                    .as(Integer.toHexString(wrong))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void kinds_and_flags_have_codes_that_never_change() {
        assertThat(Arrays.stream(AuditLeaf.Kind.values()).map(kind -> kind + " " + kind.code()))
                .containsExactly(
                        "ROW_INSERTED 1",
                        "ROW_UPDATED 2",
                        "ROW_DELETED 3",
                        "TABLE_TRUNCATED 4",
                        "SCHEMA_CHANGED 5",
                        "ACCESS 16",
                        "READ 17",
                        "SIGN_IN 18",
                        "GRANT 19",
                        "CHANGE 20",
                        "EVIDENCE 21",
                        "INCIDENT 22",
                        "TENANT 23",
                        "BACKUP 24",
                        "AUDIT_READ 25",
                        "OTHER 31",
                        "TENANT_HEAD 32",
                        "ERASURE 33",
                        "GAP 34");
        assertThat(Arrays.stream(AuditLeaf.Flag.values()).map(flag -> flag + " " + flag.bit()))
                .startsWith(
                        "ATTRIBUTED 1",
                        "UNATTRIBUTED 2",
                        "FORGED 4",
                        "GAP 8",
                        "ERASURE 16",
                        "DDL 32",
                        "GRANTED 64",
                        "STAFF 128",
                        "SYSTEM 256",
                        "MASS 512");
    }

    @Test
    void a_leaf_that_contradicts_itself_cannot_be_made() {
        assertThatThrownBy(() -> chained(0, AuditLeaf.NONE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> chained(1, 0)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> chained(2, AuditLeaf.NONE)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> chained(10, 7)).isInstanceOf(MalformedException.class);
        assertThat(chained(10, 8).sequence()).isEqualTo(10);
        assertThatThrownBy(() -> AuditLeaf.withoutPayload(
                        leaf.kind(),
                        leaf.flags(),
                        leaf.tenant(),
                        1,
                        AuditLeaf.NONE,
                        Instant.ofEpochSecond(0, 1),
                        leaf.source()))
                .hasMessageContaining("microseconds");
    }

    private AuditLeaf chained(long sequence, long previous) {
        return AuditLeaf.withoutPayload(
                leaf.kind(), leaf.flags(), leaf.tenant(), sequence, previous, leaf.committed(), leaf.source());
    }

    @Test
    void a_payload_is_recognized_and_another_is_not() {
        leaf.checkCiphertext(Logs.ciphertext(1));
        leaf.checkPlaintext(Logs.salt(1), Logs.text(1));

        assertThatThrownBy(() -> leaf.checkCiphertext(Logs.ciphertext(2))).isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> leaf.checkPlaintext(Logs.salt(2), Logs.text(1)))
                .isInstanceOf(VerificationException.class);
        assertThatThrownBy(() -> leaf.checkPlaintext(Logs.salt(1), Logs.text(2)))
                .isInstanceOf(VerificationException.class);
        var bare = chained(1, AuditLeaf.NONE);
        assertThat(bare.hasPayload()).isFalse();
        assertThat(AuditLeaf.parse(bare.bytes())).isEqualTo(bare);
        assertThatThrownBy(() -> bare.checkCiphertext(new byte[0])).isInstanceOf(VerificationException.class);
    }

    @Test
    void a_hole_in_a_tenants_chain_is_named() {
        var leaves = Logs.leaves(20);
        var chains = new TenantChains();
        for (int i = 0; i < 20; i++) {
            chains.add(i, leaves.get(i));
        }
        assertThat(chains.tenants()).isEqualTo(3);

        var holed = new TenantChains();
        holed.add(0, leaves.get(0));
        assertThatThrownBy(() -> holed.add(1, leaves.get(19)))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("entry 1 breaks the chain of tenant "
                        + leaves.get(19).tenant().hex());
    }
}
