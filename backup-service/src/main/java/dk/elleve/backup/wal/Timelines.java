package dk.elleve.backup.wal;

import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wire.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The line of timelines that leads to the newest of them, oldest first. What lies on a timeline of
/// it behind the place where the cluster turned off was left for good: a standby that was promoted
/// never had it.
public record Timelines(List<Stretch> stretches) {

    /// @param begin where the cluster switched to this timeline
    public record Stretch(int timeline, Lsn begin) {}

    public Timelines {
        stretches = List.copyOf(stretches);
    }

    /// The line that leads to the newest WAL in the vault.
    ///
    /// @param timeline the newest where there is none
    public static Timelines of(WalShelf shelf, WalInventory inventory, int timeline) {
        var newest = inventory.timelines().stream().max(Integer::compare).orElse(timeline);
        if (newest == 1) {
            return first();
        }
        return of(
                newest,
                shelf.history(newest)
                        .orElseThrow(() -> new VaultException(
                                VaultProblem.MISSING,
                                "the history of timeline " + newest + " is missing from the vault")));
    }

    static Timelines first() {
        return new Timelines(List.of(new Stretch(1, Lsn.ZERO)));
    }

    /// @param history the server's own text
    static Timelines of(int newest, byte[] history) {
        var stretches = new ArrayList<Stretch>();
        var begin = Lsn.ZERO;
        for (var line : new String(history, StandardCharsets.UTF_8).split("\n")) {
            var fields = line.strip().split("\\s+");
            if (fields.length < 2 || fields[0].startsWith("#")) {
                continue;
            }
            follow(stretches, new Stretch(Integer.parseInt(fields[0]), begin));
            begin = Lsn.parse(fields[1]);
        }
        follow(stretches, new Stretch(newest, begin));
        return new Timelines(stretches);
    }

    /// A cluster that was restored to a point before a turn, and went on from there, never took that
    /// turn, though its history still tells of it.
    private static void follow(List<Stretch> stretches, Stretch next) {
        while (!stretches.isEmpty() && next.begin().isBefore(stretches.getLast().begin())) {
            stretches.removeLast();
        }
        stretches.add(next);
    }

    /// What the vault has of a segment of the line.
    ///
    /// @param timeline whose file it is
    /// @param length so many bytes of that file, from its start on, are there without a hole and were
    /// not left
    public record Source(int timeline, int length) {}

    /// Where most of a segment is. The file of a timeline that begins in it tells of what was before as
    /// well, but it is shipped anew from its start and may not have got as far as the older one yet.
    public Source of(WalInventory inventory, long segment) {
        var start = inventory.segments().start(segment);
        var end = inventory.segments().start(segment + 1);
        var most = new Source(stretches.getLast().timeline(), 0);
        for (int i = stretches.size() - 1; i >= 0; i--) {
            var stretch = stretches.get(i);
            if (stretch.begin().isBefore(end) && !isLeftBy(i, start)) {
                var length = inventory.covered(stretch.timeline(), segment);
                if (isLeftBy(i, end)) {
                    var left = stretches.get(i + 1).begin();
                    length = (int) Math.min(length, left.value() - start.value());
                }
                if (length > most.length()) {
                    most = new Source(stretch.timeline(), length);
                }
            }
        }
        return most;
    }

    /// The last segment of the line of which anything is there.
    public OptionalLong last(WalInventory inventory) {
        OptionalLong last = OptionalLong.empty();
        for (int i = 0; i < stretches.size(); i++) {
            for (long number : inventory.numbers(stretches.get(i).timeline())) {
                if (!isLeftBy(i, inventory.segments().start(number)) && number >= last.orElse(0)) {
                    last = OptionalLong.of(number);
                }
            }
        }
        return last;
    }

    /// Where the WAL that the vault has of this line ends. Earlier holes do not show here.
    WalInventory.End end(WalInventory inventory, WalInventory.End otherwise) {
        for (int i = stretches.size() - 1; i >= 0; i--) {
            int timeline = stretches.get(i).timeline();
            var numbers = inventory.numbers(timeline);
            if (!numbers.isEmpty()) {
                long last = numbers.getLast();
                var end = inventory.segments().start(last).plus(inventory.covered(timeline, last));
                return new WalInventory.End(
                        timeline, isLeftBy(i, end) ? stretches.get(i + 1).begin() : end);
            }
        }
        return otherwise;
    }

    /// Whether the line leads over what the cluster was on a timeline up to a position: it may have
    /// turned off before.
    public boolean contains(int timeline, Lsn position) {
        for (int i = 0; i < stretches.size(); i++) {
            if (stretches.get(i).timeline() == timeline) {
                return i == stretches.size() - 1
                        || !stretches.get(i + 1).begin().isBefore(position);
            }
        }
        return false;
    }

    private boolean isLeftBy(int stretch, Lsn position) {
        return stretch < stretches.size() - 1
                && !position.isBefore(stretches.get(stretch + 1).begin());
    }
}
