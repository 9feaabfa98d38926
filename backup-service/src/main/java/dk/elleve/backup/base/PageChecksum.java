package dk.elleve.backup.base;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The checksum that PostgreSQL gives a page when it writes it. Follows `checksum_impl.h`: 32 sums
/// next to each other, so that a processor can make several at once. Java does so too, as long as
/// the loop stays as plain as it is.
final class PageChecksum {

    private static final int PAGE = 8192;
    private static final int SUMS = 32;
    private static final int ROW = SUMS * Integer.BYTES;
    private static final int PRIME = 16777619;

    /// Where a page keeps its checksum, in the lower half of the word that is the third of the
    /// first row.
    private static final int OFFSET = 8;

    private static final int[] START = {
        0x5B1F36E9, 0xB8525960, 0x02AB50AA, 0x1DE66D2A, 0x79FF467A, 0x9BB9F8A3, 0x217E7CD2, 0x83E13D2C,
        0xF8D4474F, 0xE39EB970, 0x42C6AE16, 0x993216FA, 0x7B093B5D, 0x98DAFF3C, 0xF718902A, 0x0B1C9CDB,
        0xE58F764B, 0x187636BC, 0x5D7B3BB1, 0xE73DE7DE, 0x92BEC979, 0xCCA6C0B2, 0x304A0979, 0x85AA43D4,
        0x783125BB, 0x6CA8EAA2, 0xE407EAC6, 0x4B5CFC3E, 0x9FBF8C76, 0x15CA20BE, 0xF2CA9FD3, 0x959BD756
    };

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle HALVES =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] sums = new int[SUMS];

    /// What the page says of itself.
    static int stored(byte[] bytes, int at) {
        return Short.toUnsignedInt((short) HALVES.get(bytes, at + OFFSET));
    }

    /// @param number the page's place in its relation, which may lie in several files
    int of(byte[] bytes, int at, long number) {
        var sums = this.sums;
        System.arraycopy(START, 0, sums, 0, SUMS);
        for (var j = 0; j < SUMS; j++) {
            var word = (int) WORDS.get(bytes, at + Integer.BYTES * j);
            // The checksum itself counts as zero.
            sums[j] = mixed(sums[j], Integer.BYTES * j == OFFSET ? word & 0xFFFF0000 : word);
        }
        for (var row = at + ROW; row < at + PAGE; row += ROW) {
            for (var j = 0; j < SUMS; j++) {
                sums[j] = mixed(sums[j], (int) WORDS.get(bytes, row + Integer.BYTES * j));
            }
        }
        var sum = (int) number;
        for (var each : sums) {
            sum ^= mixed(mixed(each, 0), 0);
        }
        return Integer.remainderUnsigned(sum, 65535) + 1;
    }

    private static int mixed(int sum, int word) {
        var both = sum ^ word;
        return both * PRIME ^ both >>> 17;
    }
}
