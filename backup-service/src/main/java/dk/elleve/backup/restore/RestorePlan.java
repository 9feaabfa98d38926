package dk.elleve.backup.restore;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wire.Lsn;
import java.util.List;

/// What a restore is going to do, made from names and manifests before anything is touched.
///
/// @param target the moment asked for
/// @param manifest the backup it starts from
/// @param walEnd how far the vault's WAL goes from that backup on without a hole
/// @param holeBehind whether there is WAL behind that hole
/// @param gaps losses on record that lie after the backup
public record RestorePlan(
        RestoreTarget target,
        Manifest manifest,
        Lsn walEnd,
        boolean holeBehind,
        List<Gap> gaps,
        WalInventory inventory,
        Timelines timelines) {

    public RestorePlan {
        gaps = List.copyOf(gaps);
    }

    public int packs() {
        return manifest.archives().stream()
                .mapToInt(archive -> archive.packs().size())
                .sum();
    }

    long firstSegment() {
        return inventory.segments().number(manifest.startLsn());
    }

    /// One behind the last segment that may be needed.
    long endSegment() {
        var end = target instanceof RestoreTarget.AtLsn at ? at.lsn() : walEnd;
        return inventory.segments().number(end.plus(inventory.segments().size() - 1));
    }
}
