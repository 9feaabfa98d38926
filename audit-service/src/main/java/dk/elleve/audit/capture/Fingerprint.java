package dk.elleve.audit.capture;

import java.math.BigInteger;

/// What a table's rows add up to, in whatever order they came and went: how many there are, and the sum of their keyed
/// hashes modulo 2^256. Two tables with the same fingerprint have the same rows, unless somebody who knows the key made
/// them so (MSet-Add-Hash: Clarke, Devadas, van Dijk, Gassend, Suh, *Incremental Multiset Hash Functions*, 2003).
record Fingerprint(long rows, BigInteger sum) {

    static final int LENGTH = 32;

    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * LENGTH);

    static final Fingerprint EMPTY = new Fingerprint(0, BigInteger.ZERO);

    Fingerprint {
        sum = sum.mod(MODULUS);
    }

    static Fingerprint ofRow(byte[] hash) {
        return new Fingerprint(1, new BigInteger(1, hash));
    }

    Fingerprint plus(Fingerprint other) {
        return new Fingerprint(rows + other.rows, sum.add(other.sum));
    }

    Fingerprint minus(Fingerprint other) {
        return new Fingerprint(rows - other.rows, sum.subtract(other.sum));
    }

    boolean isEmpty() {
        return equals(EMPTY);
    }
}
