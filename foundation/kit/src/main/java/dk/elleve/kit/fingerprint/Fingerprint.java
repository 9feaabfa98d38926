package dk.elleve.kit.fingerprint;

import java.math.BigInteger;

/// What a table's rows add up to, in whatever order they came and went: how many there are, and the sum
/// of their keyed hashes modulo 2^256. Two tables with the same fingerprint have the same rows, unless
/// somebody who knows the key made them so (MSet-Add-Hash: Clarke, Devadas, van Dijk, Gassend, Suh,
/// *Incremental Multiset Hash Functions*, 2003).
///
/// @param rows how many; below zero where more went than came
/// @param sum from 0 to 2^256 - 1, whatever it is made of
public record Fingerprint(long rows, BigInteger sum) {

    /// Of a sum, in bytes.
    public static final int LENGTH = 32;

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * LENGTH);

    public static final Fingerprint EMPTY = new Fingerprint(0, BigInteger.ZERO);

    public Fingerprint {
        sum = sum.mod(MODULUS);
    }

    /// @param hash of the row, 32 bytes
    public static Fingerprint ofRow(byte[] hash) {
        return new Fingerprint(1, new BigInteger(1, hash));
    }

    public Fingerprint plus(Fingerprint other) {
        return new Fingerprint(rows + other.rows, sum.add(other.sum));
    }

    public Fingerprint minus(Fingerprint other) {
        return new Fingerprint(rows - other.rows, sum.subtract(other.sum));
    }

    public boolean isEmpty() {
        return equals(EMPTY);
    }

    /// The sum as [#LENGTH] bytes, big-endian.
    public byte[] sumBytes() {
        var bytes = sum.toByteArray(); // with a sign byte where the first bit is set
        var fixed = new byte[LENGTH];
        int length = Math.min(bytes.length, LENGTH);
        System.arraycopy(bytes, bytes.length - length, fixed, LENGTH - length, length);
        return fixed;
    }
}
