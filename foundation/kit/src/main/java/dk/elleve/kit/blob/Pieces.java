package dk.elleve.kit.blob;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers bytes whose number is not known before the last, without copying them again and again as an array that
/// grows would.
final class Pieces extends OutputStream {

    private static final int LARGEST = 1 << 20;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] last = new byte[1 << 13];
    private int filled;
    private int size;

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        var at = offset;
        var left = length;
        while (left > 0) {
            if (filled == last.length) {
                full.add(last);
                last = new byte[Math.min(LARGEST, 2 * last.length)];
                filled = 0;
            }
            var stretch = Math.min(left, last.length - filled);
            System.arraycopy(bytes, at, last, filled, stretch);
            filled += stretch;
            at += stretch;
            left -= stretch;
        }
        size += length;
    }

    byte[] together() {
        if (full.isEmpty()) {
            return Arrays.copyOf(last, filled);
        }
        var whole = new byte[size];
        var at = 0;
        for (var each : full) {
            System.arraycopy(each, 0, whole, at, each.length);
            at += each.length;
        }
        System.arraycopy(last, 0, whole, at, filled);
        return whole;
    }
}
