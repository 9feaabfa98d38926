package dk.elleve.backup.wal;

import dk.elleve.backup.wire.Lsn;

/// The arithmetic of WAL segments of one size.
///
/// @param size bytes in a segment, a power of two; 16 MiB unless the cluster was made otherwise
public record Segments(int size) {

    public Segments {
        if (Integer.bitCount(size) != 1 || size < 1 << 20) {
            throw new IllegalArgumentException(size + " is no size for a WAL segment: a power of two from 1 MiB on");
        }
    }

    public long number(Lsn lsn) {
        return Long.divideUnsigned(lsn.value(), size);
    }

    public Lsn start(long number) {
        return new Lsn(number * size);
    }

    public Lsn startOf(Lsn lsn) {
        return start(number(lsn));
    }

    public int offset(Lsn lsn) {
        return (int) (lsn.value() & (size - 1));
    }

    /// The file name PostgreSQL gives the segment.
    public String fileName(int timeline, long number) {
        var perLog = 0x100000000L / size;
        return String.format("%08X%08X%08X", timeline, number / perLog, number % perLog);
    }

    long numberOf(String fileName) {
        var perLog = 0x100000000L / size;
        return Long.parseLong(fileName, 8, 16, 16) * perLog + Long.parseLong(fileName, 16, 24, 16);
    }
}
