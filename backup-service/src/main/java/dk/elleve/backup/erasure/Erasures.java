package dk.elleve.backup.erasure;

import dk.elleve.backup.cluster.Cluster;
import dk.elleve.backup.cluster.Clusters;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// What was erased, in the journals for those who restore and in the database for those who ask.
@Component
public class Erasures {

    private static final Logger LOG = LoggerFactory.getLogger(Erasures.class);
    private static final Actor ACTOR = Actor.system("backup/erasure");
    private static final Duration TAKEN_IN_EVERY = Duration.ofHours(1);

    private final ErasureJournal journal;
    private final ErasureStore store;
    private final ClusterVault vault;
    private final Clusters clusters;
    private final Transactions transactions;
    private final Clock clock;
    private final Function<String, ErasureJournal> open;
    private final Map<String, ErasureJournal> others = new ConcurrentHashMap<>();
    private Instant nextTakingIn = Instant.EPOCH;

    Erasures(
            ErasureStore store,
            ClusterVault vault,
            Vault storage,
            KeyRing masters,
            Clusters clusters,
            Transactions transactions,
            Clock clock) {
        this.journal = new ErasureJournal(vault);
        this.store = store;
        this.vault = vault;
        this.clusters = clusters;
        this.transactions = transactions;
        this.clock = clock;
        this.open = id -> new ErasureJournal(new ClusterVault(storage, masters, id));
    }

    /// Safe to repeat. When it returns no restore of any cluster brings the erased back.
    ///
    /// The event is told to one process only, so that one writes into every journal. Its own comes
    /// first: from then on the database knows of the erasure, and whichever journal still lacks it is
    /// mended by its own process.
    void add(Erasure erasure) {
        journal.add(erasure);
        remember(vault.systemId(), erasure);
        clusters.all().stream()
                .map(Cluster::id)
                .filter(id -> !id.equals(vault.systemId()))
                .forEach(id -> addTo(id, erasure));
    }

    private void addTo(String cluster, Erasure erasure) {
        try {
            others.computeIfAbsent(cluster, open).add(erasure);
        } catch (VaultException e) {
            if (e.problem() == VaultProblem.UNREACHABLE) {
                throw e;
            }
            // What is wrong in one cluster's part of the vault must not deafen this process for the
            // next erasures.
            LOG.atError()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("erasure", erasure.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("An erasure could not be written into another cluster's journal; its own process will");
            return;
        }
        remember(cluster, erasure);
    }

    /// Takes in what the journal knows and the database does not, as after a loss of the database; and
    /// into the journal what the database knows of any cluster and the journal does not, as when this
    /// one is new. Looks once an hour.
    public void takeIn() {
        var now = clock.instant();
        if (now.isBefore(nextTakingIn)) {
            return;
        }
        // Whoever hears of an erasure from now on knows that this journal wants it, too.
        clusters.seen();
        journal.since(Instant.EPOCH.plus(ErasureJournal.MARGIN))
                .forEach(erasure -> remember(vault.systemId(), erasure));
        var known =
                transactions.read(Scope.platform(), () -> store.since(vault.systemId(), now, ErasureJournal.MARGIN));
        journal.lacking(known).forEach(erasure -> {
            journal.add(erasure);
            remember(vault.systemId(), erasure);
        });
        nextTakingIn = now.plus(TAKEN_IN_EVERY);
    }

    private void remember(String cluster, Erasure erasure) {
        transactions.run(Scope.platform(), ACTOR, () -> store.add(cluster, erasure, clock.instant()));
    }

    /// When the oldest tenant was erased of which no drill has shown yet that it cannot be read.
    public Optional<Instant> oldestWaiting() {
        return transactions.read(Scope.platform(), () -> store.oldestWaiting(vault.systemId()));
    }

    /// Belongs into a transaction of the caller.
    ///
    /// @param records how many records the drill found
    public void proven(String id, String drill, long records) {
        store.proven(vault.systemId(), id, drill, records, clock.instant());
    }

    List<ErasureRecord> page(
            int limit, @Nullable String tenant, @Nullable String cluster, ErasureStore.@Nullable Position before) {
        return transactions.read(Scope.platform(), () -> store.page(limit, tenant, cluster, before));
    }
}
