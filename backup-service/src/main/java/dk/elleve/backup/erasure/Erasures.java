package dk.elleve.backup.erasure;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What was erased, in the journal for those who restore and in the database for those who ask.
@Component
public class Erasures {

    private static final Actor ACTOR = Actor.system("backup/erasure");
    private static final Duration TAKEN_IN_EVERY = Duration.ofHours(1);

    private final ErasureJournal journal;
    private final ErasureStore store;
    private final ClusterVault vault;
    private final Transactions transactions;
    private final Clock clock;
    private Instant nextTakingIn = Instant.EPOCH;

    Erasures(ErasureStore store, ClusterVault vault, Transactions transactions, Clock clock) {
        this.journal = new ErasureJournal(vault);
        this.store = store;
        this.vault = vault;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Safe to repeat. When it returns no restore brings the erased back.
    void add(Erasure erasure) {
        journal.add(erasure);
        remember(erasure);
    }

    /// Takes in what the journal knows and the database does not, as after a loss of the database. Looks once an hour.
    public void takeIn() {
        var now = clock.instant();
        if (now.isBefore(nextTakingIn)) {
            return;
        }
        journal.since(Instant.EPOCH.plus(ErasureJournal.MARGIN)).forEach(this::remember);
        nextTakingIn = now.plus(TAKEN_IN_EVERY);
    }

    private void remember(Erasure erasure) {
        transactions.run(Scope.platform(), ACTOR, () -> store.add(vault.systemId(), erasure, clock.instant()));
    }

    /// When the oldest tenant was erased of which no drill has shown yet that it cannot be read.
    public Optional<Instant> oldestWaiting() {
        return transactions.read(Scope.platform(), () -> store.oldestWaiting(vault.systemId()));
    }

    /// Belongs into a transaction of the caller.
    ///
    /// @param records how many records the drill found
    public void proven(String id, String drill, long records) {
        store.proven(id, drill, records, clock.instant());
    }

    List<ErasureRecord> page(int limit, @Nullable String tenant, ErasureStore.@Nullable Position before) {
        return transactions.read(Scope.platform(), () -> store.page(limit, tenant, before));
    }
}
