package dk.elleve.backup.expire;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.wire.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// How long what is in the vault is kept.
///
/// @param window every moment of so much past can be restored
/// @param fulls so many full backups stay, however old
record Retention(Duration window, int fulls) {

    /// What may go.
    ///
    /// @param backups ids, those that stand on others first
    /// @param walFrom WAL before this is needed by no backup that stays; empty when nothing may go
    record Expired(List<String> backups, Optional<Lsn> walFrom) {}

    /// @param all the complete backups, oldest first
    /// @param useful those a restore may begin at: from one that the cluster left behind at a failover
    /// nothing is reached that came after
    Expired at(Instant now, List<Manifest> all, Predicate<Manifest> useful) {
        var anchor = anchor(now.minus(window), all.stream().filter(useful).toList());
        if (anchor.isEmpty()) {
            return new Expired(List.of(), Optional.empty());
        }
        var kept = kept(all, useful, anchor.get());
        var gone = all.stream().filter(each -> !kept.contains(each.id())).toList();
        var walFrom = all.stream()
                .filter(each -> kept.contains(each.id()))
                .map(Manifest::startLsn)
                .min(Lsn::compareTo);
        // An incremental backup before the full one it stands on.
        var ids = gone.stream()
                .sorted((one, other) -> Boolean.compare(one.isFull(), other.isFull()))
                .map(Manifest::id)
                .toList();
        return new Expired(ids, walFrom);
    }

    /// The newest backup that was complete when the window begins: the first moments of the window are
    /// reached from it.
    private static Optional<Manifest> anchor(Instant from, List<Manifest> all) {
        return all.stream().filter(each -> !each.finishedAt().isAfter(from)).reduce((one, later) -> later);
    }

    private Set<String> kept(List<Manifest> all, Predicate<Manifest> useful, Manifest anchor) {
        var kept = new HashSet<String>();
        var fullsLeft = fulls;
        for (var backup : all.reversed()) {
            var counted = backup.isFull() && useful.test(backup) && fullsLeft-- > 0;
            if (counted || !backup.startedAt().isBefore(anchor.startedAt())) {
                kept.add(backup.id());
                if (backup.base() != null) {
                    kept.add(backup.base());
                }
            }
        }
        return kept;
    }
}
