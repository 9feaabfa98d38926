package dk.elleve.backup.wal;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wire.Lsn;
import dk.elleve.backup.wire.Wire;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;

/// The WAL of one cluster in the vault.
///
/// `wal/<timeline>/<segment>/sealed` holds a whole segment, `wal/<timeline>/<segment>/<from>-<to>` a part of
/// one that is still being filled; parts may overlap and always agree. `wal-history/<file>` is a timeline's
/// descent, `wal-gaps/…` a loss.
public final class WalShelf {

    /// A segment as it was read back.
    ///
    /// @param bytes the whole segment, filled up with zeros
    /// @param length how many bytes of it are WAL
    /// @param newest up to this moment of the server's clock nothing is missing; the epoch when nobody could say
    public record Segment(byte[] bytes, int length, Instant newest) {}

    static final String SEALED = "sealed";

    private static final String GAPS = "wal-gaps/";
    private static final String HISTORY = "wal-history/";
    private static final String KEY = "wal-";
    private static final int HEADER = 8;

    /// A part may be replaced again while it is looked for again.
    private static final int TRIES = 5;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ClusterVault vault;
    private final Segments segments;

    public WalShelf(ClusterVault vault, Segments segments) {
        this.vault = vault;
        this.segments = segments;
    }

    public WalInventory inventory() {
        return new WalInventory(segments, vault.list("wal/"));
    }

    WalInventory inventoryOf(int timeline, long number) {
        return new WalInventory(segments, vault.list(folder(timeline, number)));
    }

    public static List<Gap> gaps(ClusterVault vault) {
        return vault.list(GAPS).stream()
                .map(name -> JSON.readValue(vault.get(name), Gap.class))
                .toList();
    }

    void record(Gap gap) {
        var name = GAPS
                + String.format(
                        "%016X-%016X",
                        Lsn.parse(gap.from()).value(), Lsn.parse(gap.to()).value());
        vault.putIfAbsent(day(gap.foundAt()), name, JSON.writeValueAsBytes(gap));
    }

    void keep(Wire.History history, Instant now) {
        vault.putSame(day(now), HISTORY + history.fileName(), history.content(), 0, history.content().length);
    }

    /// The descent of a timeline, which the first one has none of.
    public Optional<byte[]> history(int timeline) {
        return vault.find(HISTORY + historyFile(timeline));
    }

    public static String historyFile(int timeline) {
        return String.format("%08X.history", timeline);
    }

    /// Reads what there is of a segment from its start on, at least what the inventory knows. Parts
    /// that have been replaced by longer ones since the inventory was taken do no harm.
    public Segment read(WalInventory inventory, int timeline, long number) {
        var known = inventory;
        for (var tries = 1; ; tries++) {
            try {
                return readOnce(known, timeline, number);
            } catch (VaultException e) {
                var fresh = inventoryOf(timeline, number);
                if (e.problem() != VaultProblem.MISSING
                        || tries == TRIES
                        || fresh.covered(timeline, number) < inventory.covered(timeline, number)) {
                    throw e;
                }
                known = fresh;
            }
        }
    }

    private Segment readOnce(WalInventory inventory, int timeline, long number) {
        var bytes = new byte[segments.size()];
        var length = 0;
        var newest = Instant.EPOCH;
        for (var extent : inventory.cover(timeline, number)) {
            var object = vault.get(extent.name());
            if (object.length != HEADER + extent.to() - extent.from()) {
                throw new VaultException(
                        VaultProblem.DAMAGED,
                        "object '" + extent.name() + "' is damaged: its length does not fit its name");
            }
            System.arraycopy(object, HEADER, bytes, extent.from(), object.length - HEADER);
            newest = later(newest, Instant.ofEpochMilli(ByteBuffer.wrap(object).getLong()));
            length = extent.to();
        }
        return new Segment(bytes, length, newest);
    }

    /// Writes a stretch of a segment; the whole of it becomes the sealed object. Durable on return; may be
    /// repeated.
    ///
    /// @param newest at this moment of the server's clock its log ended at `to` or before
    /// @param now whose day's key is used
    void write(int timeline, long number, byte[] bytes, int from, int to, Instant newest, Instant now) {
        var whole = from == 0 && to == segments.size();
        var name = folder(timeline, number) + (whole ? SEALED : String.format("%08X-%08X", from, to));
        var object = ByteBuffer.allocate(HEADER + to - from)
                .putLong(newest.toEpochMilli())
                .put(bytes, from, to - from)
                .array();
        if (!vault.putIfAbsent(day(now), name, object).created()) {
            // Ours, when the storage's answer was lost the first time, or that of a second instance: then the
            // bytes agree.
            var there = vault.get(name);
            if (!Arrays.equals(there, HEADER, there.length, object, HEADER, object.length)) {
                throw new VaultException(
                        VaultProblem.CONFLICT,
                        "object '" + name + "' of cluster " + vault.systemId()
                                + " holds other WAL than the server sends;"
                                + " a second cluster with the same system identifier and timeline may be shipping there");
            }
        }
    }

    /// Takes away what is not needed any more; where the storage keeps it, it stays and does no harm.
    void delete(String name) {
        try {
            vault.delete(name);
        } catch (VaultException e) {
            if (e.problem() != VaultProblem.IMMUTABLE) {
                throw e;
            }
        }
    }

    /// Whether an object holds WAL of segments before `from` only.
    public static boolean isBefore(String name, int segmentSize, Lsn from) {
        var segments = new Segments(segmentSize);
        var number = WalInventory.number(segments, name);
        return number.isPresent() && number.getAsLong() < segments.number(from);
    }

    /// What left the vault.
    public record Expired(int objects, List<String> keys) {}

    /// Removes segments that lie wholly before `from`, gaps that end there, and the keys of days of
    /// which nothing is left.
    public static Expired expire(ClusterVault vault, int segmentSize, Lsn from) {
        var segments = new Segments(segmentSize);
        var first = segments.number(from);
        var objects = 0;
        var firstKeys = new TreeSet<String>();
        for (var name : vault.list("wal/")) {
            var number = WalInventory.number(segments, name);
            if (number.isPresent() && number.getAsLong() < first) {
                vault.delete(name);
                objects++;
            } else if (number.isPresent() && number.getAsLong() == first) {
                // Its parts may be much older than the backup that begins in it.
                firstKeys.add(vault.keyOf(name));
            }
        }
        var others = new HashSet<String>();
        for (var name : vault.list(GAPS)) {
            if (Lsn.parse(JSON.readValue(vault.get(name), Gap.class).to()).isBefore(from)) {
                vault.delete(name);
                objects++;
            } else {
                others.add(vault.keyOf(name));
            }
        }
        vault.list(HISTORY).forEach(name -> others.add(vault.keyOf(name)));
        return new Expired(objects, firstKeys.isEmpty() ? List.of() : destroyKeys(vault, firstKeys.first(), others));
    }

    /// Keys of days before the oldest one whose WAL stays. Two days are left to clocks that go wrong: a
    /// key too many costs nothing, a key too few a restore.
    private static List<String> destroyKeys(ClusterVault vault, String oldest, Set<String> others) {
        var before = KEY + LocalDate.parse(oldest.substring(KEY.length())).minusDays(2);
        var dead = vault.keyIds().stream()
                .filter(key -> key.startsWith(KEY) && key.compareTo(before) < 0 && !others.contains(key))
                .toList();
        dead.forEach(vault::destroyKey);
        return dead;
    }

    private String folder(int timeline, long number) {
        return "wal/" + String.format("%08X", timeline) + "/" + segments.fileName(timeline, number) + "/";
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static String day(Instant now) {
        return KEY + now.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).toLocalDate();
    }
}
