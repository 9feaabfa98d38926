package dk.elleve.backup.base;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.Wire;
import dk.elleve.backup.wire.WireSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Takes a full backup of a cluster whose WAL is being shipped. One run at a time.
public final class FullBackup {

    static final String ID_PREFIX = "full-";

    /// Uncompressed bytes in a pack: mostly 8 to 16 MiB when stored, at most a little over 32.
    public static final int PACK_SIZE = 32 << 20;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final WireSettings server;
    private final ClusterVault vault;
    private final WalShipper wal;
    private final Duration walPatience;
    private final int packSize;
    private final Clock clock;

    /// @param wal ships the cluster's WAL meanwhile: without it no backup ever becomes complete
    /// @param walPatience how long to wait for the last of that WAL
    public FullBackup(
            WireSettings server, ClusterVault vault, WalShipper wal, Duration walPatience, int packSize, Clock clock) {
        this.server = server;
        this.vault = vault;
        this.wal = wal;
        this.walPatience = walPatience;
        this.packSize = packSize;
        this.clock = clock;
    }

    public String newId() {
        var random = new byte[3];
        RANDOM.nextBytes(random);
        return ID_PREFIX + STAMP.format(clock.instant()) + "-" + HexFormat.of().formatHex(random);
    }

    public Manifest run(String id, BackupProgress progress) throws InterruptedException {
        var backups = new Backups(vault);
        backups.sweep();
        var startedAt = clock.instant();
        try (var wire = Wire.connect(server, "elleve-backup-base");
                var packer = new Packer(vault, id, packSize, progress)) {
            var identity = wire.identify();
            if (!identity.systemId().equals(vault.systemId())) {
                throw new IncompleteBackupException("the server is cluster " + identity.systemId() + ", but backups of "
                        + vault.systemId() + " were asked for");
            }
            var segments = new Segments(wire.walSegmentSize());
            var version = wire.serverVersion();
            var taken = wire.baseBackup("elleve " + id, packer);
            var archives = packer.finish();
            requireWal(taken, segments);
            var manifest = new Manifest(
                    Manifest.FORMAT,
                    id,
                    identity.systemId(),
                    version,
                    segments.size(),
                    taken.start().timeline(),
                    taken.start().lsn().toString(),
                    taken.end().lsn().toString(),
                    startedAt,
                    clock.instant(),
                    archives.stream().mapToLong(Manifest.Archive::bytes).sum(),
                    archives.stream()
                            .flatMap(archive -> archive.packs().stream())
                            .mapToLong(Manifest.Pack::storedBytes)
                            .sum(),
                    archives);
            backups.missingPack(manifest).ifPresent(name -> {
                throw new IncompleteBackupException("pack '" + name + "' vanished while the backup was being taken;"
                        + " was another run under way?");
            });
            // From this write on the backup exists. Before it, whatever happens, there is only something to
            // sweep.
            backups.complete(manifest);
            return manifest;
        }
    }

    private void requireWal(Wire.BaseBackup taken, Segments segments) throws InterruptedException {
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
        var inventory = new WalShelf(vault, segments).inventory();
        if (!inventory.covers(start.timeline(), start.lsn(), end.lsn())) {
            throw new IncompleteBackupException("the WAL in the vault has a hole at "
                    + inventory.contiguousFrom(start.timeline(), start.lsn()) + ", between the backup's start "
                    + start.lsn()
                    + " and its end " + end.lsn());
        }
    }
}
