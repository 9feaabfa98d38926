package dk.elleve.backup.base;

import dk.elleve.backup.wire.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a backup consists of. Its presence in the vault *is* the backup's completeness: it is written
/// last, encrypted and authenticated under the backup's own key, signed where there is a key for that, and
/// names every pack and every part of the index down to the very writing of it.
///
/// @param format version of this form
/// @param id the backup's id, also the id of its data key
/// @param kind `full` or `incremental`
/// @param base the full backup in whose packs the unchanged blocks of an incremental one lie
/// @param systemId the cluster it was taken from
/// @param serverVersion as the server calls itself
/// @param walSegmentSize bytes in a WAL segment of the cluster
/// @param timeline where it was taken
/// @param start WAL is needed from here …
/// @param end … to here, at least, to make the copy consistent
/// @param startedAt when the server was asked
/// @param finishedAt when the last byte was in the vault; any later moment can be restored from this
///     backup
/// @param bytes size of all files
/// @param storedBytes what the backup itself takes in the vault
/// @param blocks blocks of all files …
/// @param stored … and those of them that lie in the backup's own packs
/// @param unlogged blocks that differ from the full backup though their page says that it has not changed since: hint
///     bits, as long as checksums are right
/// @param tablespaces where tablespaces were on the source
/// @param damages pages that were wrong on the server; the backup holds them as they were
/// @param packs the backup's own packs
/// @param index the parts of the list of files, in order
public record Manifest(
        int format,
        String id,
        String kind,
        @Nullable String base,
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
        long blocks,
        long stored,
        long unlogged,
        List<Tablespace> tablespaces,
        List<String> damages,
        List<Pack> packs,
        List<Part> index) {

    public static final int FORMAT = 2;
    public static final String FULL = "full";
    public static final String INCREMENTAL = "incremental";

    /// @param location its folder on the source
    public record Tablespace(String oid, String location) {}

    /// Contents of many files, one after the other, in one object.
    ///
    /// @param bytes size of the content
    /// @param storedBytes size of the object
    /// @param seal names this very writing of it
    /// @param chunks the sizes of the chunks it is stored in, so that some can be fetched without the others; none
    ///     in older backups, and of what an attempt that was broken off has left
    public record Pack(int number, int bytes, long storedBytes, String seal, List<Integer> chunks) {

        public Pack {
            chunks = chunks == null ? List.of() : List.copyOf(chunks);
        }
    }

    /// A stretch of the list of files.
    public record Part(String name, long storedBytes, String seal) {}

    public Manifest {
        tablespaces = List.copyOf(tablespaces);
        damages = List.copyOf(damages);
        packs = List.copyOf(packs);
        index = List.copyOf(index);
    }

    public Lsn startLsn() {
        return Lsn.parse(start);
    }

    public Lsn endLsn() {
        return Lsn.parse(end);
    }

    public boolean isFull() {
        return kind.equals(FULL);
    }

    /// Names of the backup's own objects but for the manifest.
    public List<String> objects() {
        var names = new ArrayList<String>();
        packs.forEach(pack -> names.add(Backups.packName(id, pack.number())));
        index.forEach(part -> names.add(part.name()));
        return names;
    }
}
