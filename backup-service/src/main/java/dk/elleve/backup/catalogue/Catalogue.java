package dk.elleve.backup.catalogue;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.cluster.Clusters;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.Gap;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.backup.BackupEvent;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What is known of the backups of this process's cluster. Each change is stored together with the news
/// of it.
@Component
public class Catalogue {

    private static final Actor ACTOR = Actor.system("backup/catalogue");

    private final CatalogueStore store;
    private final ClusterVault vault;
    private final Clusters clusters;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    Catalogue(
            CatalogueStore store,
            ClusterVault vault,
            Clusters clusters,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.vault = vault;
        this.clusters = clusters;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    public String cluster() {
        return vault.systemId();
    }

    /// Queues a run, or answers with the one that is queued or running already. Joins the caller's
    /// transaction.
    public Run queue(String id, String kind, String cause, Actor actor) {
        return queue(cluster(), id, kind, cause, actor);
    }

    /// The same for any cluster: its own process carries the run out.
    public Run queue(String cluster, String id, String kind, String cause, Actor actor) {
        return transactions.write(
                Scope.platform(), actor, () -> store.queue(id, cluster, kind, cause, clock.instant()));
    }

    public Optional<Run> active() {
        return read(() -> store.active(cluster()));
    }

    public Optional<Run> find(String id) {
        return read(() -> store.find(id));
    }

    public Optional<Run> newestFull() {
        return newestFull(cluster());
    }

    public Optional<Run> newestFull(String cluster) {
        return read(() -> store.newestFull(cluster));
    }

    /// The newest complete backup of either kind.
    public Optional<Run> newest() {
        return read(() -> store.newest(cluster()));
    }

    /// @param cluster only runs of this one; of all when absent
    public List<Run> page(int limit, @Nullable String cluster, CatalogueStore.@Nullable Position before) {
        return read(() -> store.page(limit, cluster, before));
    }

    public List<Gap> gaps() {
        return read(() -> store.gaps(cluster()));
    }

    /// Losses since the newest backup: nothing newer than the first of them can be restored.
    public List<Gap> openGaps() {
        return read(() -> {
            var newest = store.newest(cluster());
            return store.gaps(cluster()).stream()
                    .filter(gap -> newest.filter(run -> run.isAfter(gap)).isEmpty())
                    .toList();
        });
    }

    /// How many runs are in each state.
    public Map<Run.State, Long> states() {
        return read(() -> store.states(cluster()));
    }

    /// How far the slot that holds WAL back for the vault is behind; empty if this server has no such slot.
    public Optional<CatalogueStore.Slot> slot(String name) {
        return read(() -> store.slot(name));
    }

    public void started(Run run) {
        write(() -> store.started(run.id(), clock.instant()));
    }

    /// Writes down a complete backup. Pages that were wrong on the server are also a finding.
    ///
    /// @param digest SHA-256 of the manifest
    public void completed(Manifest manifest, String digest) {
        write(() -> {
            store.completed(manifest, digest, "found-in-vault");
            outbox.add(
                    Topic.BACKUP_RUNS,
                    cluster(),
                    null,
                    new BackupEvent.BackupCompleted(
                            cluster(),
                            manifest.id(),
                            manifest.kind(),
                            manifest.startedAt(),
                            manifest.finishedAt(),
                            manifest.bytes(),
                            manifest.storedBytes()));
            if (!manifest.damages().isEmpty()) {
                outbox.add(
                        Topic.BACKUP_FINDINGS,
                        "platform",
                        null,
                        new Finding(
                                "page-damaged-" + manifest.id(),
                                "page-damaged",
                                Finding.Severity.HIGH,
                                null,
                                manifest.finishedAt(),
                                manifest.startedAt(),
                                "cluster/" + cluster(),
                                Map.of(
                                        "backup", manifest.id(),
                                        "pages",
                                                Integer.toString(
                                                        manifest.damages().size()),
                                        "first", manifest.damages().getFirst())));
            }
        });
    }

    /// The run was broken off and goes on later.
    public void brokenOff(Run run, String reason) {
        write(() -> store.brokenOff(run.id(), reason));
    }

    /// The backup has left the vault.
    public void expired(String id) {
        write(() -> store.expired(id, clock.instant()));
    }

    /// The vault no longer holds the backup as it was: nothing is built on it any more.
    public void damaged(String id, String reason) {
        write(() -> store.damaged(id, reason));
    }

    public void failed(Run run, String reason) {
        write(() -> {
            var now = clock.instant();
            store.failed(run.id(), reason, now);
            outbox.add(
                    Topic.BACKUP_RUNS,
                    cluster(),
                    null,
                    new BackupEvent.BackupFailed(cluster(), run.id(), run.kind(), now, reason));
        });
    }

    /// Makes the catalogue agree with the vault: backups and gaps that lie there but are not known here are
    /// taken in.
    public void rebuild() {
        var backups = new Backups(vault);
        var known = read(() -> store.completedIds(cluster()));
        for (var id : backups.ids()) {
            if (!known.contains(id)) {
                completed(backups.manifest(id), backups.digest(id));
            }
        }
        var knownGaps = gaps();
        for (var gap : WalShelf.gaps(vault)) {
            if (knownGaps.stream()
                    .noneMatch(other -> other.from().equals(gap.from()) && other.timeline() == gap.timeline())) {
                take(gap);
            }
        }
    }

    private void take(Gap gap) {
        write(() -> {
            if (store.add(cluster(), gap)) {
                var reason = "the server gave the WAL up before it was shipped";
                outbox.add(
                        Topic.BACKUP_RUNS,
                        cluster(),
                        null,
                        new BackupEvent.WalGapFound(cluster(), gap.from(), gap.to(), gap.foundAt(), reason));
                outbox.add(
                        Topic.BACKUP_FINDINGS,
                        "platform",
                        null,
                        new Finding(
                                "wal-gap-" + cluster() + "-" + gap.from(),
                                "wal-gap",
                                Finding.Severity.HIGH,
                                null,
                                gap.foundAt(),
                                gap.safeUntil(),
                                "cluster/" + cluster(),
                                Map.of("from", gap.from(), "to", gap.to())));
            }
        });
    }

    /// Says a measurement for or against a claim. Joins the caller's transaction.
    public void evidence(String claim, boolean holds, Map<String, String> facts) {
        write(() -> clusters.measured(claim, holds, facts));
    }

    private <T> T read(Supplier<T> work) {
        return transactions.read(Scope.platform(), work);
    }

    private void write(Runnable work) {
        transactions.run(Scope.platform(), ACTOR, work);
    }
}
