package dk.elleve.backup.expire;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.Timelines;
import dk.elleve.backup.wal.WalShelf;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// Lets what has expired leave the vault. May be ended at any moment: the next call finishes, and what
/// stays can always be restored. No backup may be under way.
public final class Expiry {

    private final ClusterVault vault;
    private final Retention retention;

    Expiry(ClusterVault vault, Retention retention) {
        this.vault = vault;
        this.retention = retention;
    }

    /// What left the vault.
    record Gone(List<String> backups, int walObjects, List<String> walKeys) {}

    /// @param expired hears of each backup right after it has gone
    Gone run(Instant now, Consumer<String> expired) {
        var backups = new Backups(vault);
        var all = backups.all();
        if (all.isEmpty()) {
            return new Gone(List.of(), 0, List.of());
        }
        var newest = all.getLast();
        var shelf = new WalShelf(vault, new Segments(newest.walSegmentSize()));
        var timelines = Timelines.of(shelf, shelf.inventory(), newest.timeline());
        var decided = retention.at(now, all, each -> timelines.contains(each.timeline(), each.endLsn()));
        for (var id : decided.backups()) {
            backups.remove(id);
            expired.accept(id);
        }
        if (decided.walFrom().isEmpty()) {
            return new Gone(decided.backups(), 0, List.of());
        }
        var gone = WalShelf.expire(
                vault, newest.walSegmentSize(), decided.walFrom().get());
        // An erasure before the oldest backup that stays cannot be undone by any restore.
        all.stream()
                .filter(each -> !decided.backups().contains(each.id()))
                .findFirst()
                .ifPresent(oldest -> new ErasureJournal(vault).expire(oldest.startedAt()));
        return new Gone(decided.backups(), gone.objects(), gone.keys());
    }
}
