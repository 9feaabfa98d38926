package dk.elleve.backup.wire;

/// A position in the write-ahead log, counted in bytes since the cluster was made.
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    /// Reads PostgreSQL's own writing of a position, for example `0/16B3748`.
    public static Lsn parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 1 || slash > 8 || text.length() - slash - 1 < 1 || text.length() - slash - 1 > 8) {
            throw new IllegalArgumentException("'" + text + "' is not a WAL position such as 0/16B3748");
        }
        try {
            var high = Long.parseLong(text, 0, slash, 16);
            var low = Long.parseLong(text, slash + 1, text.length(), 16);
            return new Lsn(high << 32 | low);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a WAL position such as 0/16B3748", e);
        }
    }

    public Lsn plus(long bytes) {
        return new Lsn(value + bytes);
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    public static Lsn max(Lsn one, Lsn other) {
        return one.isBefore(other) ? other : one;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", value >>> 32, value & 0xFFFFFFFFL);
    }
}
