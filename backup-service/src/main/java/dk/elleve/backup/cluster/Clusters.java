package dk.elleve.backup.cluster;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Evidence;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The clusters that share this catalogue. Each has a process of its own, which alone works for it; any
/// of them takes orders for any.
@Component
public class Clusters {

    /// So long after it was last seen a cluster may be retired: its process looks in every minute.
    private static final Duration ALIVE = Duration.ofMinutes(5);

    private static final Actor ACTOR = Actor.system("backup/cluster");

    private final ClusterStore store;
    private final ClusterVault vault;
    private final ClusterProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    Clusters(
            ClusterStore store,
            ClusterVault vault,
            ClusterProperties properties,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.vault = vault;
        this.properties = properties;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// The system identifier of this process's cluster.
    public String own() {
        return vault.systemId();
    }

    /// The name of a task that only processes of this cluster carry out. The others find its row, too:
    /// db-scheduler takes no row whose name it does not know and leaves it out from then on. But after
    /// fourteen days it deletes such rows, whoever works on them, and a recurring task whose row went
    /// under it is not planned again. So this service is told never to
    /// (`elleve.schedule.forget-unknown-after`).
    public String task(String work) {
        return work + tasksOf(own());
    }

    private static String tasksOf(String cluster) {
        return "-" + cluster;
    }

    /// Says that this process lives, and what its cluster is called.
    public void seen() {
        write(() -> store.seen(self()));
    }

    public List<Cluster> all() {
        return transactions.read(Scope.platform(), store::all);
    }

    /// The cluster an order is for: this process's own when none is named.
    ///
    /// @throws dk.elleve.kit.problem.Problem `cluster-unknown`
    public Cluster chosen(@Nullable String id) {
        return id == null || id.equals(own()) ? self() : find(id);
    }

    /// Says a measurement of this cluster for or against a claim, together with what the other clusters
    /// have measured. Joins the caller's transaction.
    public void measured(String claim, boolean holds, Map<String, String> facts) {
        var measurement = new Measurement(holds, clock.instant(), facts);
        write(() -> {
            store.weigh();
            store.seen(self());
            store.measured(own(), claim, measurement);
            var others = store.measurements().getOrDefault(claim, Map.of());
            var standings = store.all().stream()
                    .map(each -> new Standing(
                            each.id(), each.name(), each.id().equals(own()) ? measurement : others.get(each.id())))
                    .toList();
            say(claim, own(), standings);
        });
    }

    /// Forgets a cluster that is gone for good, so that it holds no claim down any more. What lies of
    /// it in the vault stays.
    void retire(String id, Actor actor) {
        transactions.run(Scope.platform(), actor, () -> {
            store.weigh();
            var cluster = find(id);
            if (cluster.seenAt().plus(ALIVE).isAfter(clock.instant())) {
                throw ClusterProblem.CLUSTER_ALIVE.with("Its process was seen at " + cluster.seenAt()
                        + ". End that process first, and come back five minutes later.");
            }
            store.remove(id, tasksOf(id));
            var left = store.all();
            store.measurements().forEach((claim, newest) -> {
                var standings = left.stream()
                        .map(each -> new Standing(each.id(), each.name(), newest.get(each.id())))
                        .toList();
                say(claim, own(), standings);
            });
        });
    }

    /// Claims by name, each with the newest measurement of each cluster by its system identifier.
    Map<String, Map<String, Measurement>> measurements() {
        return transactions.read(Scope.platform(), store::measurements);
    }

    private void say(String claim, String measured, List<Standing> standings) {
        Standing.together(measured, standings)
                .ifPresent(said -> outbox.add(
                        Topic.BACKUP_EVIDENCE,
                        claim,
                        null,
                        new Evidence(Ids.nextText(), claim, said.holds(), said.at(), said.facts())));
    }

    private Cluster find(String id) {
        return transactions
                .read(Scope.platform(), () -> store.find(id))
                .orElseThrow(() -> ClusterProblem.CLUSTER_UNKNOWN.with(
                        "No cluster has this system identifier; GET /backups/clusters tells those there are."));
    }

    private Cluster self() {
        return new Cluster(own(), properties.name(own()), properties.drills(), clock.instant());
    }

    private void write(Runnable work) {
        transactions.run(Scope.platform(), ACTOR, work);
    }
}
