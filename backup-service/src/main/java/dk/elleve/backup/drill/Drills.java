package dk.elleve.backup.drill;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.erasure.Erasures;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.WireSettings;
import dk.elleve.contracts.Actor;
import dk.elleve.contracts.Finding;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.backup.BackupEvent;
import dk.elleve.kit.blob.BlobStore;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.outbox.Outbox;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.time.Ids;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Queues drills and carries them out. The scheduler calls it in one place of the cluster at a time, so
/// a drill that is found running has lost its process. That a service was stopped proves nothing of
/// the backup: the drill is taken up again, unless it is what its processes die of.
@Component
class Drills {

    static final String CLAIM = "backup.drill";

    /// What the answer promises in so many words.
    private static final Duration PROMISE = Duration.ofDays(7);

    /// So many processes may end at one drill; services are stopped for good reasons, too.
    private static final int MOST_STARTS = 3;

    static final String REQUESTED = "requested";
    static final String SCHEDULED = "scheduled";
    static final String ERASURE = "erasure";

    private static final Logger LOG = LoggerFactory.getLogger(Drills.class);
    private static final Actor ACTOR = Actor.system("backup/drill");

    private final DrillStore store;
    private final Moments moments;
    private final Catalogue catalogue;
    private final Erasures erasures;
    private final Keyring keyring;
    private final WireSettings source;
    private final ClusterVault vault;
    private final WalShipper wal;
    private final BlobStore blobs;
    private final @Nullable Path programs;
    private final DrillProperties properties;
    private final Transactions transactions;
    private final Outbox outbox;
    private final Clock clock;

    Drills(
            DrillStore store,
            Moments moments,
            Catalogue catalogue,
            Erasures erasures,
            Keyring keyring,
            WireSettings source,
            ClusterVault vault,
            WalShipper wal,
            BlobStore blobs,
            ServerPrograms programs,
            DrillProperties properties,
            Transactions transactions,
            Outbox outbox,
            Clock clock) {
        this.store = store;
        this.moments = moments;
        this.catalogue = catalogue;
        this.erasures = erasures;
        this.keyring = keyring;
        this.source = source;
        this.vault = vault;
        this.wal = wal;
        this.blobs = blobs;
        this.programs = programs.programs();
        this.properties = properties;
        this.transactions = transactions;
        this.outbox = outbox;
        this.clock = clock;
    }

    /// Orders a drill of any cluster, or answers with one that was ordered and waits. Behind one
    /// that is running it waits its turn: compared with the source, the moment it restores is never
    /// older than the order.
    ///
    /// @throws dk.elleve.kit.problem.Problem `no-tally` when it cannot be compared with the log
    DrillRecord request(String cluster, ComparedWith comparedWith, Actor actor) {
        if (comparedWith == ComparedWith.LOG) {
            moments.objectionToLog(cluster).ifPresent(why -> {
                throw DrillProblem.NO_TALLY.with("The copy can only be compared with the source: " + why + ".");
            });
        }
        return queue(cluster, actor, REQUESTED, comparedWith);
    }

    private DrillRecord queue(String cluster, Actor actor, String cause, ComparedWith comparedWith) {
        return transactions.write(
                Scope.platform(),
                actor,
                () -> store.queue("drill-" + Ids.nextText(), cluster, cause, comparedWith, clock.instant()));
    }

    Optional<DrillRecord> find(String id) {
        return transactions.read(Scope.platform(), () -> store.find(id));
    }

    List<DrillRecord> page(int limit, @Nullable String cluster, DrillStore.@Nullable Position before) {
        return transactions.read(Scope.platform(), () -> store.page(limit, cluster, before));
    }

    void turn() throws InterruptedException {
        takeInErasures();
        if (programs == null) {
            return;
        }
        var lost = transactions.read(Scope.platform(), () -> store.running(vault.systemId()));
        if (lost.isPresent() && lost.get().starts() < MOST_STARTS) {
            carryOut(lost.get(), programs);
            return;
        }
        lost.ifPresent(
                drill -> fail(drill, "the service ended " + drill.starts() + " times while the drill was under way"));
        var next = transactions.read(Scope.platform(), () -> store.queued(vault.systemId())).stream()
                .findFirst()
                .or(() -> due().map(cause -> queue(vault.systemId(), ACTOR, cause, comparedWith(cause))));
        if (next.isPresent()) {
            carryOut(next.get(), programs);
        } else if (wantsMark()) {
            mark(programs);
        }
    }

    /// The newest drill is vouched for again each hour, also while the next one runs, as long as it is young
    /// enough and none of the other kind has failed since it last passed: so the claim holds again within
    /// the hour when the cluster that broke it is mended, and grows old when a cluster's process is dead.
    void vouch() {
        var now = clock.instant();
        var failed = transactions.read(Scope.platform(), () -> store.unmended(vault.systemId()));
        var newest = failed.or(() -> transactions.read(Scope.platform(), () -> store.newestFinished(vault.systemId())));
        if (newest.isEmpty() || newest.get().finishedAt() == null) {
            return;
        }
        var drill = newest.get();
        var age = Duration.between(drill.finishedAt(), now);
        var facts = new TreeMap<String, String>();
        facts.put("drill", drill.id());
        facts.put("age", age.toString());
        facts.put("limit", PROMISE.toString());
        facts.putAll(facts(drill.comparedWith()));
        if (drill.reason() == null) {
            facts.putAll(facts(drill.logs()));
        } else {
            facts.put("reason", drill.reason());
        }
        catalogue.evidence(CLAIM, drill.proves(now, PROMISE), facts);
    }

    private void takeInErasures() {
        try {
            erasures.takeIn();
        } catch (VaultException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("The erasure journal could not be read");
        }
    }

    private boolean wantsMark() {
        return catalogue.newestFull().isPresent() && isOver(moments.newestMark(), properties.markEvery());
    }

    private void mark(Path programs) throws InterruptedException {
        try {
            moments.keep(drill(programs).mark());
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("What the tables hold could not be taken down");
        }
    }

    /// Where no moment is known a drill takes down what the source holds now, and restores that.
    private Moment target(DrillRecord drill, Drill how) throws InterruptedException {
        var known = moments.find(drill);
        if (known.isPresent()) {
            return known.get();
        }
        if (drill.comparedWith() == ComparedWith.LOG) {
            throw new IllegalStateException("no moment of which the log says what the tables must hold can be reached"
                    + moments.objectionToLog(vault.systemId())
                            .map(why -> ": " + why)
                            .orElse(""));
        }
        return moments.keep(how.mark());
    }

    /// By schedule, what failed is tried again before the turn goes on.
    private ComparedWith comparedWith(String cause) {
        if (!cause.equals(SCHEDULED)) {
            return ComparedWith.SOURCE;
        }
        return moments.next(transactions.read(
                Scope.platform(),
                () -> store.unmended(vault.systemId())
                        .map(failed -> failed.comparedWith().other())
                        .or(() -> store.newestFinished(vault.systemId()).map(DrillRecord::comparedWith))));
    }

    private Drill drill(Path programs) {
        return new Drill(
                source,
                vault,
                wal,
                programs,
                properties.scratch(vault.systemId()),
                properties.patience(),
                this::isKeyGone,
                properties.logKeys().isEmpty() ? null : new LogCheck(properties.verifierKeys(), blobs),
                moments.tallyCheck().orElse(null),
                clock);
    }

    /// Asked of the keyring itself and not of memory.
    private boolean isKeyGone(String tenant) {
        var id = new TenantId(tenant);
        keyring.forget(id);
        try {
            return keyring.find(id).isEmpty();
        } catch (Keyring.WrongMasterKey locked) {
            return false;
        }
    }

    /// Why a drill is due, if one is.
    private Optional<String> due() {
        if (catalogue.newestFull().isEmpty()) {
            return Optional.empty();
        }
        var newest = transactions
                .read(Scope.platform(), () -> store.newest(vault.systemId()))
                .map(DrillRecord::requestedAt);
        if (isOver(newest, properties.every())) {
            return Optional.of(SCHEDULED);
        }
        return isOver(newest, properties.erasureEvery())
                        && erasures.oldestWaiting().isPresent()
                ? Optional.of(ERASURE)
                : Optional.empty();
    }

    private boolean isOver(Optional<Instant> since, Duration time) {
        return since.map(at -> !at.plus(time).isAfter(clock.instant())).orElse(true);
    }

    private void carryOut(DrillRecord drill, Path programs) throws InterruptedException {
        transactions.run(Scope.platform(), ACTOR, () -> store.started(drill.id(), clock.instant()));
        try {
            var how = drill(programs);
            pass(drill, how.run(drill.id(), target(drill, how)));
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("drill", drill.id()).setCause(e).log("A restore drill failed");
            fail(drill, String.valueOf(e.getMessage()));
        }
    }

    private void pass(DrillRecord drill, DrillResult result) {
        transactions.run(Scope.platform(), ACTOR, () -> {
            var now = clock.instant();
            store.passed(drill.id(), result, now);
            result.erased().stream()
                    .filter(DrillResult.Erased::proven)
                    .forEach(each -> erasures.proven(each.erasure(), drill.id(), each.records()));
            outbox.add(
                    Topic.BACKUP_RUNS,
                    vault.systemId(),
                    null,
                    new BackupEvent.DrillFinished(
                            vault.systemId(),
                            drill.id(),
                            true,
                            now,
                            result.recoveryTime(),
                            result.recoveryPoint(),
                            result.restoredTo().toString(),
                            null));
            var facts = new TreeMap<String, String>();
            facts.put("drill", drill.id());
            facts.put("backup", result.backup());
            facts.put("position", result.position());
            facts.put("restoredTo", result.restoredTo().toString());
            facts.put("recoveryTime", result.recoveryTime().toString());
            facts.put("recoveryPoint", result.recoveryPoint().toString());
            facts.put("tablesCompared", Integer.toString(result.tables()));
            facts.put("rowsCompared", Long.toString(result.records()));
            facts.put("tablesNotComparable", Integer.toString(result.notComparable()));
            facts.putAll(facts(result.comparedWith()));
            facts.putAll(facts(result.logs()));
            facts.put("erasuresReplayed", Integer.toString(result.erased().size()));
            facts.put("recordsErased", Long.toString(result.recordsErased()));
            var failed = store.unmended(vault.systemId());
            failed.ifPresent(each -> facts.put(
                    "unmended",
                    each.id() + ", compared with the " + each.comparedWith().word()));
            catalogue.evidence(CLAIM, failed.isEmpty(), facts);
        });
    }

    /// What a drill has to say of the audit log in the copy. Where it was not looked at, that is said, too.
    private static Map<String, String> facts(@Nullable List<ProvenLog> logs) {
        if (logs == null) {
            return Map.of("log", "not compared: there was no elleve.backup.drill.log-keys");
        }
        if (logs.isEmpty()) {
            return Map.of("log", "not compared: no audit log with a checkpoint was in the copy");
        }
        return Map.of(
                "log", joined(logs, ProvenLog::origin),
                "logSize", joined(logs, log -> Long.toString(log.size())),
                "logRoot", joined(logs, ProvenLog::root),
                "logAnchor", joined(logs, log -> log.anchor().word()));
    }

    /// What the rows were compared with. Where they cannot be compared with the log at all, that is
    /// said, too.
    private Map<String, String> facts(ComparedWith comparedWith) {
        var facts = new TreeMap<>(Map.of("comparedWith", comparedWith.word()));
        if (comparedWith == ComparedWith.SOURCE) {
            moments.objectionToLog(vault.systemId()).ifPresent(why -> facts.put("tally", "not compared: " + why));
        }
        return facts;
    }

    private static String joined(List<ProvenLog> logs, Function<ProvenLog, String> fact) {
        return logs.stream().map(fact).collect(Collectors.joining(", "));
    }

    private void fail(DrillRecord drill, String reason) {
        transactions.run(Scope.platform(), ACTOR, () -> {
            var now = clock.instant();
            store.failed(drill.id(), reason, now);
            outbox.add(
                    Topic.BACKUP_RUNS,
                    vault.systemId(),
                    null,
                    new BackupEvent.DrillFinished(vault.systemId(), drill.id(), false, now, null, null, "", reason));
            var facts = Map.of(
                    "drill", drill.id(), "comparedWith", drill.comparedWith().word(), "reason", reason);
            catalogue.evidence(CLAIM, false, facts);
            outbox.add(
                    Topic.BACKUP_FINDINGS,
                    "platform",
                    null,
                    new Finding(
                            "restore-drill-" + drill.id(),
                            "restore-drill-failed",
                            Finding.Severity.HIGH,
                            null,
                            now,
                            now,
                            "cluster/" + vault.systemId(),
                            facts));
        });
    }
}
