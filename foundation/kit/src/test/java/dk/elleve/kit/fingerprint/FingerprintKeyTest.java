package dk.elleve.kit.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FingerprintKeyTest {

    private static final FingerprintKey KEY = key(1);
    private static final Fingerprint TWO_ROWS = Fingerprint.ofRow(row(KEY, "a")).plus(Fingerprint.ofRow(row(KEY, "b")));

    @Test
    void a_commitment_is_of_one_place_one_content_and_one_key() {
        var commitments = Stream.of(
                        KEY.commitment("1", 1, "breach", "0/1A", "item", TWO_ROWS),
                        KEY.commitment("2", 1, "breach", "0/1A", "item", TWO_ROWS),
                        KEY.commitment("1", 2, "breach", "0/1A", "item", TWO_ROWS),
                        KEY.commitment("1", 1, "identity", "0/1A", "item", TWO_ROWS),
                        KEY.commitment("1", 1, "breach", "0/1B", "item", TWO_ROWS),
                        KEY.commitment("1", 1, "breach", "0/1A", "items", TWO_ROWS),
                        KEY.commitment("1", 1, "breach", "0/1", "Aitem", TWO_ROWS),
                        KEY.commitment("1", 1, "breach", "0/1A", "item", Fingerprint.EMPTY),
                        KEY.commitment("1", 1, "breach", "0/1A", "item", new Fingerprint(3, TWO_ROWS.sum())),
                        KEY.commitment("1", 1, "breach", "0/1A", "item", TWO_ROWS.plus(TWO_ROWS)),
                        key(2).commitment("1", 1, "breach", "0/1A", "item", TWO_ROWS))
                .toList();

        assertThat(commitments).doesNotHaveDuplicates().allMatch(each -> each.matches("[0-9a-f]{64}"));
        assertThat(key(1).commitment("1", 1, "breach", "0/1A", "item", TWO_ROWS))
                .isEqualTo(commitments.getFirst());
    }

    @Test
    void rows_of_two_databases_have_hashes_of_their_own() {
        assertThat(row(KEY, "a"))
                .isEqualTo(row(key(1), "a"))
                .isNotEqualTo(row(KEY, "b"))
                .isNotEqualTo(row(key(2), "a"));
        assertThat(KEY.rowHash("identity").of("item", columns("a"))).isNotEqualTo(row(KEY, "a"));
    }

    @Test
    void a_key_is_named_without_being_told() {
        assertThat(KEY.id()).matches("[0-9a-f]{16}").isEqualTo(key(1).id()).isNotEqualTo(key(2).id());
        assertThat(KEY).hasToString("***");
    }

    @Test
    void what_is_no_key_is_refused_without_being_repeated() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FingerprintKey.parse("not base64!"))
                .withMessage("elleve.fingerprint-key is not base64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FingerprintKey.parse("AAAA"))
                .withMessage("elleve.fingerprint-key must hold 32 bytes, it holds 3");
    }

    @Test
    void a_sum_is_32_bytes_however_large_it_is() {
        for (int first : new int[] {0, 1, 127, 128, 255}) {
            var hash = new byte[32];
            hash[0] = (byte) first;
            hash[31] = 7;
            assertThat(Fingerprint.ofRow(hash).sumBytes()).isEqualTo(hash);
        }
        assertThat(Fingerprint.EMPTY.minus(TWO_ROWS).plus(TWO_ROWS)).isEqualTo(Fingerprint.EMPTY);
    }

    private static FingerprintKey key(int first) {
        var bytes = new byte[32];
        bytes[0] = (byte) first;
        return FingerprintKey.parse(Base64.getEncoder().encodeToString(bytes));
    }

    private static byte[] row(FingerprintKey key, String value) {
        return key.rowHash("breach").of("item", columns(value));
    }

    private static TreeMap<String, byte[]> columns(String value) {
        return new TreeMap<>(Map.of("note", RowHash.text(value)));
    }
}
