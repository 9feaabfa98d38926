package dk.elleve.backup.restore;

import dk.elleve.backup.base.Entry;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.Timelines;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wire.Lsn;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a restore is going to do, made from names and manifests before anything is touched.
///
/// @param target the moment asked for
/// @param manifest the backup it starts from
/// @param base the full backup in whose packs the unchanged blocks of that one lie, when it is an
///     incremental one
/// @param entries every file and folder
/// @param walEnd how far the vault's WAL goes from that backup on without a hole
/// @param holeBehind whether there is WAL behind that hole
/// @param gaps losses on record that lie after the backup
public record RestorePlan(
        RestoreTarget target,
        Manifest manifest,
        Optional<Manifest> base,
        List<Entry> entries,
        Lsn walEnd,
        boolean holeBehind,
        List<Gap> gaps,
        WalInventory inventory,
        Timelines timelines) {

    public RestorePlan {
        entries = List.copyOf(entries);
        gaps = List.copyOf(gaps);
    }

    /// The packs that hold any of it.
    public List<Manifest.Pack> packs() {
        var own = new HashSet<Integer>();
        var ofBase = new HashSet<Integer>();
        for (var entry : entries) {
            if (entry instanceof Entry.File file) {
                file.extents().forEach(extent -> (extent.ofBase() ? ofBase : own).add(extent.pack()));
            }
        }
        return Stream.concat(
                        manifest.packs().stream().filter(pack -> own.contains(pack.number())),
                        base.stream()
                                .flatMap(full -> full.packs().stream())
                                .filter(pack -> ofBase.contains(pack.number())))
                .toList();
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
