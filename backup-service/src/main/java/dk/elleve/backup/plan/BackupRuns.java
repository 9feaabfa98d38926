package dk.elleve.backup.plan;

import dk.elleve.backup.base.FullBackup;
import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.Run;
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

/// Queues backups when they are due and carries out what is queued. The scheduler calls it in one place of the
/// cluster at a time, so a run that is found running has died with its process.
@Component
class BackupRuns {

    /// @param expected bytes the server announced
    record Progress(String id, long bytes, long expected) {}

    static final String CLAIM = "backup.full";

    private static final Logger LOG = LoggerFactory.getLogger(BackupRuns.class);
    private static final Actor ACTOR = Actor.system("backup/plan");

    private final Catalogue catalogue;
    private final FullBackup full;
    private final PlanProperties properties;
    private final Clock clock;
    private final AtomicReference<@Nullable Progress> progress = new AtomicReference<>();
    private volatile Instant notBefore = Instant.EPOCH;

    BackupRuns(Catalogue catalogue, FullBackup full, PlanProperties properties, Clock clock) {
        this.catalogue = catalogue;
        this.full = full;
        this.properties = properties;
        this.clock = clock;
    }

    Run request(Actor actor) {
        return catalogue.queue(full.newId(), "requested", actor);
    }

    /// How far the run is, when it is this process that carries it out.
    Optional<Progress> progress(String id) {
        return Optional.ofNullable(progress.get()).filter(known -> known.id().equals(id));
    }

    void turn() throws InterruptedException {
        var active = catalogue.active();
        if (active.isPresent() && active.get().state() == Run.State.RUNNING) {
            catalogue.failed(active.get(), "the service ended while the backup was being taken");
            active = Optional.empty();
        }
        if (active.isEmpty() && !clock.instant().isBefore(notBefore)) {
            var cause = Due.cause(
                    clock.instant(), catalogue.newestFull().orElse(null), catalogue.gaps(), properties.fullEvery());
            if (cause.isPresent()) {
                active = Optional.of(catalogue.queue(full.newId(), cause.get(), ACTOR));
            }
        }
        if (active.isPresent()) {
            carryOut(active.get());
        }
    }

    private void carryOut(Run run) throws InterruptedException {
        catalogue.started(run);
        try {
            var manifest =
                    full.run(run.id(), (bytes, expected) -> progress.set(new Progress(run.id(), bytes, expected)));
            // A crash before this line is mended by the catalogue's rebuilding from the vault.
            catalogue.completed(manifest);
            catalogue.evidence(
                    CLAIM,
                    true,
                    Map.of(
                            "backup", manifest.id(),
                            "completedAt", manifest.finishedAt().toString(),
                            "bytesRead", Long.toString(manifest.bytes()),
                            "bytesStored", Long.toString(manifest.storedBytes()),
                            "packs",
                                    Long.toString(manifest.archives().stream()
                                            .mapToLong(each -> each.packs().size())
                                            .sum())));
            LOG.atInfo()
                    .addKeyValue("backup", manifest.id())
                    .addKeyValue("bytes", manifest.bytes())
                    .log("A full backup is complete");
        } catch (RuntimeException e) {
            notBefore = clock.instant().plus(properties.retryAfter());
            LOG.atError()
                    .addKeyValue("backup", run.id())
                    .setCause(e)
                    .log("A backup failed; the next run clears its remains away");
            catalogue.failed(run, String.valueOf(e.getMessage()));
        } finally {
            progress.set(null);
        }
    }
}
