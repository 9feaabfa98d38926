package dk.elleve.backup.base;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes backups of a cluster whose WAL is being shipped: full ones, and incremental ones that store
/// only blocks which differ from the newest full one. Every block is read and compared each time:
/// nothing is believed of what the server remembers to have changed.
///
/// One run at a time. A run that was broken off goes on when it is run again under the same id: what
/// the vault has listed is not sent again.
public final class BaseBackup {

    /// Uncompressed bytes in a pack: mostly 8 to 16 MiB when stored, at most a little over 32.
    public static final int PACK_SIZE = 32 << 20;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern ID = Pattern.compile("[0-9]{8}T[0-9]{9}Z-(full|incremental)-[0-9a-f]{6}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final WireSettings server;
    private final ClusterVault vault;
    private final WalShipper wal;
    private final Duration walPatience;
    private final int packSize;
    private final Clock clock;

    /// @param wal ships the cluster's WAL meanwhile: without it no backup ever becomes complete
    /// @param walPatience how long to wait for the last of that WAL
    public BaseBackup(
            WireSettings server, ClusterVault vault, WalShipper wal, Duration walPatience, int packSize, Clock clock) {
        this.server = server;
        this.vault = vault;
        this.wal = wal;
        this.walPatience = walPatience;
        this.packSize = packSize;
        this.clock = clock;
    }

    /// @param kind [Manifest#FULL] or [Manifest#INCREMENTAL]
    public String newId(String kind) {
        var random = new byte[3];
        RANDOM.nextBytes(random);
        return STAMP.format(serverTime()) + "-" + kind + "-" + HexFormat.of().formatHex(random);
    }

    /// By the server's clock, with whose commit times a moment that is to be restored is compared: by ours, if it
    /// goes wrong, a backup could be taken for one from before that moment.
    private Instant serverTime() {
        return clock.instant().plus(wal.status().clockOffset());
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    static boolean isFull(String id) {
        return id.contains("-" + Manifest.FULL + "-");
    }

    /// Takes the backup that the id says, or goes on with it. An incremental one stands on the newest
    /// full one in the vault.
    ///
    /// @throws IncompleteBackupException when what was taken could not be restored
    public Manifest run(String id, BackupProgress progress) throws InterruptedException {
        return run(id, null, progress);
    }

    /// @param fullId the full backup that an incremental one stands on; the newest in the vault when
    ///     absent
    /// @throws IncompleteBackupException when what was taken could not be restored
    public Manifest run(String id, @Nullable String fullId, BackupProgress progress) throws InterruptedException {
        var backups = new Backups(vault);
        backups.sweep(id);
        if (backups.ids().contains(id)) {
            // Its last word was written, and the answer was lost, or the process ended before it told anybody.
            var complete = backups.manifest(id);
            backups.tidy(complete);
            return complete;
        }
        var base = isFull(id) ? Optional.<Manifest>empty() : Optional.of(base(backups, fullId));
        var attempt = attempt(backups, id);
        var startedAt = serverTime();
        try (var wire = Wire.connect(server, "elleve-backup-base");
                var packs = new PackWriter(vault, id, packSize, attempt.lastPack(), attempt.lastPart())) {
            var identity = wire.identify();
            if (!identity.systemId().equals(vault.systemId())) {
                throw new IncompleteBackupException("the server is cluster " + identity.systemId() + ", but backups of "
                        + vault.systemId() + " were asked for");
            }
            var segments = new Segments(wire.walSegmentSize());
            var version = wire.serverVersion();
            // The same fingerprints for a full backup and all that stand on it.
            var hash = vault.blockHash(base.map(Manifest::id).orElse(id));
            var copy = new Copy(
                    packs,
                    hash,
                    base.map(full -> new Copy.Base(
                                    backups.entries(full),
                                    full.startLsn(),
                                    full.damages().isEmpty()))
                            .orElse(Copy.Base.NONE),
                    attempt.entries(),
                    wire.checksumsPages() ? wire.pagesOfAFile() : 0,
                    progress);
            var taken = wire.baseBackup("elleve " + id, copy);
            copy.end();
            var parts = packs.parts();
            var stored = new ArrayList<>(packs.packs());
            attempt.packs().stream()
                    .filter(pack -> copy.takenOver().contains(pack.number()))
                    .forEach(stored::add);
            var shelf = new WalShelf(vault, segments);
            var inventory = requireWal(taken, shelf);
            var damages = new ArrayList<>(copy.wrongPages()
                    .damages(shelf, inventory, taken.start(), taken.end().lsn()));
            if (taken.end().lsn().isBefore(copy.newestPage())) {
                damages.add(
                        "page from the future: " + copy.newestPageAt() + " says it was changed at " + copy.newestPage()
                                + ", but the log ends at " + taken.end().lsn());
            }
            var manifest = new Manifest(
                    Manifest.FORMAT,
                    id,
                    isFull(id) ? Manifest.FULL : Manifest.INCREMENTAL,
                    base.map(Manifest::id).orElse(null),
                    identity.systemId(),
                    version,
                    segments.size(),
                    taken.start().timeline(),
                    taken.start().lsn().toString(),
                    taken.end().lsn().toString(),
                    startedAt,
                    serverTime(),
                    copy.bytes(),
                    stored.stream().mapToLong(Manifest.Pack::storedBytes).sum()
                            + parts.stream()
                                    .mapToLong(Manifest.Part::storedBytes)
                                    .sum(),
                    copy.blocks(),
                    copy.stored(),
                    copy.unlogged(),
                    copy.tablespaces(),
                    damages,
                    stored,
                    parts);
            backups.missing(manifest).ifPresent(name -> {
                throw new IncompleteBackupException("object '" + name + "' vanished while the backup was being taken;"
                        + " was another run under way?");
            });
            // From this write on the backup exists. Before it, whatever happens, there is only something to go on
            // from, or to sweep.
            backups.complete(manifest);
            if (attempt.lastPart() > 0 || attempt.lastPack() > 0) {
                backups.tidy(manifest);
            }
            return manifest;
        } catch (IOException e) {
            throw new IncompleteBackupException("what the server sent is not a whole copy: " + e.getMessage());
        }
    }

    private static Manifest base(Backups backups, @Nullable String fullId) {
        var full = Optional.ofNullable(fullId)
                .map(backups::manifest)
                .or(backups::newestFull)
                .orElseThrow(() -> new IncompleteBackupException(
                        "there is no full backup in the vault that an incremental one could stand on"));
        backups.missing(full).ifPresent(name -> {
            throw new IncompleteBackupException("object '" + name + "' of full backup " + full.id()
                    + " is missing from the vault; a new full backup is needed");
        });
        return full;
    }

    /// What cannot be read of an earlier attempt is not worth going on from.
    private Backups.Attempt attempt(Backups backups, String id) {
        try {
            return backups.attempt(id);
        } catch (VaultException e) {
            if (e.problem().saysNothingOfTheObject()) {
                throw e;
            }
            return backups.startAgain(id);
        }
    }

    private WalInventory requireWal(Wire.BaseBackup taken, WalShelf shelf) throws InterruptedException {
        var start = taken.start();
        var end = taken.end();
        if (start.timeline() != end.timeline()) {
            throw new IncompleteBackupException("the cluster changed its timeline while the backup was being taken");
        }
        if (!wal.awaitShipped(end.lsn(), walPatience)) {
            throw new IncompleteBackupException(
                    "the WAL that makes the backup consistent (up to " + end.lsn() + ") did not reach the vault within "
                            + walPatience + "; it ends at " + wal.status().shipped());
        }
        var inventory = shelf.inventory();
        if (!inventory.covers(start.timeline(), start.lsn(), end.lsn())) {
            throw new IncompleteBackupException("the WAL in the vault has a hole at "
                    + inventory.contiguousFrom(start.timeline(), start.lsn()) + ", between the backup's start "
                    + start.lsn()
                    + " and its end " + end.lsn());
        }
        return inventory;
    }
}
