package dk.elleve.backup.verify;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Queues readings of the vault when they are due and carries them out. The scheduler calls it in one
/// place of the cluster at a time; one that is found running has died with its process and goes on
/// where it was.
@Component
class Verifications {

    static final String CLAIM = "backup.verified";

    private static final Logger LOG = LoggerFactory.getLogger(Verifications.class);
    private static final Actor ACTOR = Actor.system("backup/verify");
    private static final Duration RETRY_AFTER = Duration.ofMinutes(1);

    /// A seventh is read each day; so long after the last reading nobody can say any more that it is done.
    private static final Duration PROMISE = Duration.ofHours(49);

    private final VerificationStore store;
    private final Catalogue catalogue;
    private final ClusterVault vault;
    private final VerifyProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;
    private volatile Instant notBefore = Instant.EPOCH;

    Verifications(
            VerificationStore store,
            Catalogue catalogue,
            ClusterVault vault,
            VerifyProperties properties,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.catalogue = catalogue;
        this.vault = vault;
        this.properties = properties;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Orders a reading of any cluster's part of the vault, or answers with the one that is under way
    /// already.
    Verification request(String cluster, String kind, Actor actor) {
        return queue(cluster, kind, "requested", actor);
    }

    private Verification queue(String cluster, String kind, String cause, Actor actor) {
        return transactions.write(
                Scope.platform(),
                actor,
                () -> store.queue("verify-" + Ids.nextText(), cluster, kind, cause, clock.instant()));
    }

    Optional<Verification> find(String id) {
        return transactions.read(Scope.platform(), () -> store.find(id));
    }

    List<Verification> page(int limit, @Nullable String cluster, VerificationStore.@Nullable Position before) {
        return transactions.read(Scope.platform(), () -> store.page(limit, cluster, before));
    }

    Optional<Verification> newest(@Nullable String kind) {
        return transactions.read(Scope.platform(), () -> store.newest(vault.systemId(), kind));
    }

    void turn() throws InterruptedException {
        if (clock.instant().isBefore(notBefore)) {
            return;
        }
        var active = transactions.read(Scope.platform(), () -> store.active(vault.systemId()));
        if (active.isEmpty() && catalogue.newestFull().isPresent()) {
            active = due(newest(null).orElse(null), newest(Verification.WHOLE).orElse(null))
                    .map(due -> queue(vault.systemId(), due.kind(), due.cause(), ACTOR));
        }
        if (active.isPresent()) {
            carryOut(active.get());
        }
    }

    /// The newest reading is vouched for again each hour, also while the next one runs, as long as it is
    /// young enough: so the claim holds again within the hour when the cluster that broke it is mended, and
    /// grows old when a cluster's process is dead.
    void vouch() {
        var now = clock.instant();
        newest(null).ifPresent(read -> {
            if (read.finishedAt() == null) {
                return;
            }
            var age = Duration.between(read.finishedAt(), now);
            var facts = facts(read);
            facts.put("age", age.toString());
            facts.put("limit", PROMISE.toString());
            write(() -> say(age.compareTo(PROMISE) <= 0, facts));
        });
    }

    private record Due(String kind, String cause) {}

    private Optional<Due> due(@Nullable Verification newest, @Nullable Verification whole) {
        if (whole == null) {
            return Optional.of(new Due(Verification.WHOLE, "first"));
        }
        if (isOld(whole, properties.wholeEvery())) {
            return Optional.of(new Due(Verification.WHOLE, "scheduled"));
        }
        return newest == null || isOld(newest, properties.sampleEvery())
                ? Optional.of(new Due(Verification.SAMPLE, "scheduled"))
                : Optional.empty();
    }

    private boolean isOld(Verification verification, Duration every) {
        return !verification.requestedAt().plus(every).isAfter(clock.instant());
    }

    private void carryOut(Verification asked) throws InterruptedException {
        write(() -> store.started(asked.id(), clock.instant()));
        try {
            var inventory = Inventory.of(vault, catalogue.active().map(Run::id).orElse(null));
            if (asked.position().isEmpty()) {
                write(() -> {
                    store.read(asked.id(), "", 0, inventory.objects().size(), 0, inventory.problems());
                    store.orphans(asked.id(), inventory.orphans());
                });
            }
            new Reading(vault, clock.instant())
                    .read(
                            inventory,
                            asked::chooses,
                            asked.position(),
                            progress -> write(() -> store.read(
                                    asked.id(),
                                    progress.position(),
                                    asked.objects() + progress.objects(),
                                    asked.objects() + progress.total(),
                                    asked.bytes() + progress.bytes(),
                                    progress.problems())));
            finish(asked.id());
        } catch (VaultException e) {
            // The storage is away: the reading goes on behind what it has read.
            notBefore = clock.instant().plus(RETRY_AFTER);
            write(() -> store.brokenOff(asked.id(), String.valueOf(e.getMessage())));
            LOG.atWarn()
                    .addKeyValue("verification", asked.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Reading the vault was broken off; it goes on later");
        }
    }

    private void finish(String id) {
        write(() -> {
            var now = clock.instant();
            var read = store.find(id).orElseThrow();
            store.finished(id, read.problems().isEmpty(), now);
            say(true, facts(read));
            if (!read.problems().isEmpty()) {
                report(read, now);
            }
        });
    }

    /// What a reading has found stays true until everything was read again without finding it.
    private void say(boolean young, Map<String, String> facts) {
        var unmended = store.unmended(vault.systemId());
        unmended.ifPresent(failed -> facts.put("unmended", failed.id()));
        catalogue.evidence(CLAIM, young && unmended.isEmpty(), facts);
    }

    private static Map<String, String> facts(Verification read) {
        var facts = new TreeMap<String, String>();
        facts.put("verification", read.id());
        facts.put("kind", read.kind());
        facts.put("objects", Long.toString(read.objects()));
        facts.put("bytes", Long.toString(read.bytes()));
        facts.put("problems", Integer.toString(read.problems().size()));
        facts.put("orphans", Integer.toString(read.orphans().size()));
        return facts;
    }

    private void report(Verification read, Instant now) {
        LOG.atError()
                .addKeyValue("verification", read.id())
                .addKeyValue("problems", read.problems().size())
                .log("What lies in the vault is not what was written");
        for (var problem : read.problems()) {
            if (problem.backup() != null) {
                // What stands on it cannot be restored either; the next backup is a full one.
                catalogue.damaged(problem.backup(), problem.what());
            }
        }
        outbox.add(
                Topic.BACKUP_FINDINGS,
                "platform",
                null,
                new Finding(
                        "vault-damaged-" + read.id(),
                        "vault-damaged",
                        Finding.Severity.HIGH,
                        null,
                        now,
                        read.requestedAt(),
                        "cluster/" + vault.systemId(),
                        Map.of(
                                "verification", read.id(),
                                "problems", Integer.toString(read.problems().size()),
                                "first", read.problems().getFirst().what())));
    }

    private void write(Runnable work) {
        transactions.run(Scope.platform(), ACTOR, work);
    }
}
