package dk.elleve.backup.plan;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.BaseBackup;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.expire.ExpireTask;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wire.WireException;
import dk.elleve.contracts.Actor;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Queues backups when they are due and carries out what is queued. The scheduler calls it in one
/// process of the cluster at a time.
@Component
class BackupRuns {

    /// @param expected bytes the server announced
    record Progress(String id, long bytes, long expected) {}

    static final String CLAIM = "backup.full";

    private static final Logger LOG = LoggerFactory.getLogger(BackupRuns.class);
    private static final Actor ACTOR = Actor.system("backup/plan");

    private final Catalogue catalogue;
    private final BaseBackup backup;
    private final Backups backups;
    private final ExpireTask expire;
    private final PlanProperties properties;
    private final Clock clock;
    private final AtomicReference<@Nullable Progress> progress = new AtomicReference<>();
    private volatile Instant notBefore = Instant.EPOCH;

    BackupRuns(
            Catalogue catalogue,
            BaseBackup backup,
            Backups backups,
            ExpireTask expire,
            PlanProperties properties,
            Clock clock) {
        this.catalogue = catalogue;
        this.backup = backup;
        this.backups = backups;
        this.expire = expire;
        this.properties = properties;
        this.clock = clock;
    }

    /// Orders a backup of any cluster, or answers with the one that is under way already.
    Run request(String cluster, String kind, Actor actor) {
        return catalogue.queue(cluster, backup.newId(kind), kind, "requested", actor);
    }

    /// How far the run is, when it is this process that carries it out.
    Optional<Progress> progress(String id) {
        return Optional.ofNullable(progress.get()).filter(known -> known.id().equals(id));
    }

    void turn() throws InterruptedException {
        var now = clock.instant();
        var active = catalogue.active();
        if (active.isEmpty() && !now.isBefore(notBefore)) {
            active = Due.at(
                            now,
                            catalogue.newestFull().orElse(null),
                            catalogue.newest().orElse(null),
                            catalogue.gaps(),
                            properties.fullEvery(),
                            properties.incrementalCron())
                    .map(due -> catalogue.queue(backup.newId(due.kind()), due.kind(), due.cause(), ACTOR));
        }
        if (active.isPresent() && (active.get().attempts() == 0 || !now.isBefore(notBefore))) {
            // A run that is found running has died with its process, or was broken off: it goes on where it was.
            carryOut(active.get());
        } else if (active.isEmpty()) {
            expire.turn();
        }
    }

    private void carryOut(Run run) throws InterruptedException {
        catalogue.started(run);
        try {
            var manifest = backup.run(
                    run.id(),
                    base(run, catalogue.newestFull()),
                    (bytes, expected) -> progress.set(new Progress(run.id(), bytes, expected)));
            // A crash before this line is mended by the catalogue's rebuilding from the vault.
            catalogue.completed(manifest, backups.digest(manifest.id()));
            if (manifest.isFull()) {
                catalogue.evidence(CLAIM, true, facts(manifest));
            }
            LOG.atInfo()
                    .addKeyValue("backup", manifest.id())
                    .addKeyValue("bytes", manifest.bytes())
                    .addKeyValue("stored", manifest.storedBytes())
                    .addKeyValue("unloggedBlocks", manifest.unlogged())
                    .log("A backup is complete");
        } catch (RuntimeException e) {
            notBefore = clock.instant().plus(properties.retryAfter());
            var reason = String.valueOf(e.getMessage());
            if (run.attempts() + 1 < properties.attempts() && isPassing(e)) {
                LOG.atWarn()
                        .addKeyValue("backup", run.id())
                        .addKeyValue("reason", reason)
                        .log("A backup was broken off; it goes on later");
                catalogue.brokenOff(run, reason);
            } else {
                LOG.atError()
                        .addKeyValue("backup", run.id())
                        .setCause(e)
                        .log("A backup failed; the next run clears its remains away");
                catalogue.failed(run, reason);
            }
        } finally {
            progress.set(null);
        }
    }

    /// What the run stands on: the newest full backup that nothing was found wrong with, which the
    /// vault alone does not know. One may have been found damaged since the run was ordered; a full
    /// backup is due then, and this run must not go first.
    ///
    /// @throws IllegalStateException for an incremental one when there is none
    static @Nullable String base(Run run, Optional<Run> newestFull) {
        if (run.isFull()) {
            return null;
        }
        return newestFull
                .map(Run::id)
                .orElseThrow(() -> new IllegalStateException(
                        "no full backup is left that an incremental one could stand on: a full one is needed first"));
    }

    /// Whether the same run may succeed later: the storage or the server was away.
    private static boolean isPassing(RuntimeException e) {
        return e instanceof WireException
                || e instanceof VaultException vault && vault.problem() == VaultProblem.UNREACHABLE;
    }

    private static Map<String, String> facts(Manifest manifest) {
        return Map.of(
                "backup", manifest.id(),
                "completedAt", manifest.finishedAt().toString(),
                "bytesRead", Long.toString(manifest.bytes()),
                "bytesStored", Long.toString(manifest.storedBytes()),
                "packs", Integer.toString(manifest.packs().size()),
                "damagedPages", Integer.toString(manifest.damages().size()));
    }
}
