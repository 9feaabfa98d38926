package dk.elleve.backup.restore;

import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wire.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The line of timelines that leads from a backup to the newest WAL in the vault, oldest first.
record Timelines(List<Stretch> stretches) {

    /// @param begin where the cluster switched to this timeline
    record Stretch(int timeline, Lsn begin) {}

    static Timelines of(WalShelf shelf, WalInventory inventory, int timeline) {
        var newest = inventory.timelines().stream().max(Integer::compare).orElse(timeline);
        var stretches = new ArrayList<Stretch>();
        var begin = Lsn.ZERO;
        if (newest > 1) {
            var history = shelf.history(newest)
                    .orElseThrow(() -> new VaultException(
                            VaultProblem.MISSING, "the history of timeline " + newest + " is missing from the vault"));
            for (var line : new String(history, StandardCharsets.UTF_8).split("\n")) {
                var fields = line.strip().split("\\s+");
                if (fields.length < 2 || fields[0].startsWith("#")) {
                    continue;
                }
                stretches.add(new Stretch(Integer.parseInt(fields[0]), begin));
                begin = Lsn.parse(fields[1]);
            }
        }
        stretches.add(new Stretch(newest, begin));
        return new Timelines(List.copyOf(stretches));
    }

    /// The timeline whose file PostgreSQL takes for a segment: the newest that has begun by its end.
    int of(WalInventory inventory, long segment) {
        var end = inventory.segments().start(segment + 1);
        for (var stretch : stretches.reversed()) {
            if (stretch.begin().isBefore(end) && inventory.holds(stretch.timeline(), segment)) {
                return stretch.timeline();
            }
        }
        return stretches.getLast().timeline();
    }

    /// Whether the line leads over what the cluster was on a timeline up to a position: it may have
    /// turned off before.
    boolean contains(int timeline, Lsn position) {
        for (int i = 0; i < stretches.size(); i++) {
            if (stretches.get(i).timeline() == timeline) {
                return i == stretches.size() - 1
                        || !stretches.get(i + 1).begin().isBefore(position);
            }
        }
        return false;
    }

    boolean contains(int timeline) {
        return stretches.stream().anyMatch(stretch -> stretch.timeline() == timeline);
    }
}
