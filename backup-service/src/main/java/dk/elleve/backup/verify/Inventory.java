package dk.elleve.backup.verify;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wire.Lsn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What lies in a cluster's vault, and what should.
///
/// @param objects every object that belongs to something, with the seal it must have where one is on
///     record
/// @param problems what is seen to be wrong from the names and manifests alone
/// @param orphans names of objects that belong to nothing
record Inventory(TreeMap<String, Expected> objects, List<Damage> problems, List<String> orphans) {

    /// @param backup the backup it belongs to
    record Expected(@Nullable String backup, @Nullable String seal) {}

    /// @param running the id of a backup that is under way, whose objects are no orphans
    static Inventory of(ClusterVault vault, @Nullable String running) {
        var there = new TreeSet<String>();
        for (var root : List.of("base/", "wal/", "wal-history/", "wal-gaps/", ErasureJournal.ROOT)) {
            there.addAll(vault.list(root));
        }
        var objects = new TreeMap<String, Expected>();
        var problems = new ArrayList<Damage>();
        var manifests = manifests(vault, objects, problems);
        for (var manifest : manifests.values()) {
            for (var object : seals(manifest).entrySet()) {
                if (there.contains(object.getKey())) {
                    objects.put(object.getKey(), new Expected(manifest.id(), object.getValue()));
                } else {
                    problems.add(Damage.missing(object.getKey(), manifest.id()));
                }
            }
            if (manifest.base() != null && !manifests.containsKey(manifest.base())) {
                problems.add(Damage.missing("base/" + manifest.base() + "/manifest", manifest.id()));
            }
        }
        there.stream()
                .filter(name -> name.startsWith("wal") || name.startsWith(ErasureJournal.ROOT))
                .forEach(name -> objects.put(name, new Expected(null, null)));
        manifests.values().stream().findFirst().ifPresent(oldest -> problems.addAll(holes(vault, oldest)));
        var orphans = there.stream()
                .filter(name -> !objects.containsKey(name))
                .filter(name -> running == null || !name.startsWith("base/" + running + "/"))
                .toList();
        return new Inventory(objects, problems, orphans);
    }

    private static Map<String, Manifest> manifests(
            ClusterVault vault, TreeMap<String, Expected> objects, List<Damage> problems) {
        var backups = new Backups(vault);
        var manifests = new TreeMap<String, Manifest>();
        for (var id : backups.ids()) {
            var name = "base/" + id + "/manifest";
            objects.put(name, new Expected(id, null));
            try {
                manifests.put(id, backups.manifest(id));
            } catch (VaultException e) {
                if (e.problem().saysNothingOfTheObject()) {
                    throw e;
                }
                problems.add(new Damage(name, id, String.valueOf(e.getMessage())));
            }
        }
        return manifests;
    }

    private static Map<String, String> seals(Manifest manifest) {
        var seals = new HashMap<String, String>();
        manifest.packs().forEach(pack -> seals.put(Backups.packName(manifest.id(), pack.number()), pack.seal()));
        manifest.index().forEach(part -> seals.put(part.name(), part.seal()));
        return seals;
    }

    /// Segments that are missing between the oldest backup and the end of its timeline, and are not on
    /// record as lost.
    private static List<Damage> holes(ClusterVault vault, Manifest oldest) {
        var segments = new Segments(oldest.walSegmentSize());
        var inventory = new WalShelf(vault, segments).inventory();
        var gaps = WalShelf.gaps(vault);
        var problems = new ArrayList<Damage>();
        for (var timeline : inventory.timelines()) {
            var numbers = inventory.numbers(timeline);
            var first = Math.max(numbers.getFirst(), segments.number(oldest.startLsn()));
            for (var number = first; number < numbers.getLast(); number++) {
                var from = segments.start(number).plus(inventory.covered(timeline, number));
                var to = segments.start(number + 1);
                if (from.isBefore(to) && !onRecord(gaps, from, to)) {
                    problems.add(new Damage(
                            "wal/" + String.format("%08X", timeline) + "/" + segments.fileName(timeline, number),
                            null,
                            "WAL from " + from + " to " + to + " is missing, and no loss of it is on record"));
                }
            }
        }
        return problems;
    }

    private static boolean onRecord(List<Gap> gaps, Lsn from, Lsn to) {
        return gaps.stream().anyMatch(gap -> Lsn.parse(gap.from()).isBefore(to) && from.isBefore(Lsn.parse(gap.to())));
    }
}
