package dk.elleve.backup.base;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backup consists of. Its presence in the vault *is* the backup's completeness: it is written last,
/// encrypted and authenticated under the backup's own key, and names every pack down to the very writing of it.
///
/// @param format version of this form
/// @param id the backup's id, also the id of its data key
/// @param systemId the cluster it was taken from
/// @param serverVersion as the server calls itself
/// @param walSegmentSize bytes in a WAL segment of the cluster
/// @param timeline where it was taken
/// @param start WAL is needed from here …
/// @param end … to here, at least, to make the copy consistent
/// @param startedAt when the server was asked
/// @param finishedAt when the last byte was in the vault; any later moment can be restored from this backup
/// @param bytes size of the tar streams
/// @param storedBytes size of the packs
/// @param archives the tar streams, the main one and one for each tablespace
public record Manifest(
        int format,
        String id,
        String systemId,
        String serverVersion,
        int walSegmentSize,
        int timeline,
        String start,
        String end,
        Instant startedAt,
        Instant finishedAt,
        long bytes,
        long storedBytes,
        List<Archive> archives) {

    public static final int FORMAT = 1;

    /// @param location where a tablespace was on the source; absent for the main archive
    public record Archive(String name, @Nullable String location, long bytes, List<Pack> packs) {}

    /// A stretch of an archive that lies in one object.
    public record Pack(String name, int bytes, long storedBytes, String seal) {}

    public Manifest {
        archives = List.copyOf(archives);
    }

    public Lsn startLsn() {
        return Lsn.parse(start);
    }

    public Lsn endLsn() {
        return Lsn.parse(end);
    }
}
