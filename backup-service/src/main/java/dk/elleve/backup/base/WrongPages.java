package dk.elleve.backup.base;

import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wal.WalRecords;
import dk.elleve.backup.wal.WalRecords.Page;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Pages whose checksum is wrong in the copy. Nearly all of them are damaged on the server. One may
/// have been read in the very moment in which the server wrote it, half of it old and half new:
/// that page the server has put into its log as a whole, after the start of the backup, and
/// replaying the log makes it right. So the log decides.
final class WrongPages {

    /// More of them are counted only.
    private static final int MOST = 1000;

    private static final int DEFAULT_TABLESPACE = 1663;
    private static final int GLOBAL_TABLESPACE = 1664;
    private static final Pattern PATH = Pattern.compile(
            "(?:global|base/(?<database>\\d{1,10})|pg_tblspc/(?<tablespace>\\d{1,10})/[^/]+/(?<there>\\d{1,10}))"
                    + "/(?<relation>\\d{1,10})(?<fork>_[a-z]+)?(?:\\.\\d{1,9})?");
    private static final List<String> FORKS = List.of("", "_fsm", "_vm", "_init");

    private final Map<Page, String> pages = new LinkedHashMap<>();
    private long more;

    /// @param path of the file
    /// @param block within the file
    /// @param number of the page within its relation
    void add(String path, long block, long number, int computed, int stored) {
        if (pages.size() == MOST) {
            more++;
            return;
        }
        pages.put(
                page(path, number),
                String.format(
                        "checksum of %s, block %d: it should be %04X, and the page says %04X",
                        path, block, computed, stored));
    }

    /// Those that the log does not bring back, in words.
    ///
    /// @param start where the backup starts; what was logged before is not replayed
    List<String> damages(WalShelf shelf, WalInventory inventory, Wire.Point start, Lsn end) {
        if (pages.isEmpty()) {
            return List.of();
        }
        var segments = inventory.segments();
        var whole = new HashSet<Page>();
        var records = new WalRecords(record -> {
            var place = record.place(0);
            if (!segments.start(place.segment()).plus(place.offset()).isBefore(start.lsn())) {
                whole.addAll(record.pagesMadeWhole());
                whole.retainAll(pages.keySet());
            }
        });
        for (var number = segments.number(start.lsn()); segments.start(number).isBefore(end); number++) {
            var segment = shelf.read(inventory, start.timeline(), number);
            records.read(number, segment.bytes(), segment.length());
        }
        var damages = new ArrayList<String>();
        pages.forEach((page, words) -> {
            if (!whole.contains(page)) {
                damages.add(words);
            }
        });
        if (more > 0) {
            damages.add("checksums of " + more + " more pages");
        }
        return damages;
    }

    private static Page page(String path, long number) {
        var parts = PATH.matcher(path);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + path + "' is not a file of pages");
        }
        var tablespace = parts.group("tablespace") != null
                ? oid(parts.group("tablespace"))
                : parts.group("database") != null ? DEFAULT_TABLESPACE : GLOBAL_TABLESPACE;
        var database = parts.group("database") != null ? parts.group("database") : parts.group("there");
        var fork = parts.group("fork");
        return new Page(
                tablespace,
                database == null ? 0 : oid(database),
                oid(parts.group("relation")),
                FORKS.indexOf(fork == null ? "" : fork),
                number);
    }

    /// A file that is none of PostgreSQL's may have any number for a name.
    private static int oid(String digits) {
        return (int) Long.parseLong(digits);
    }
}
