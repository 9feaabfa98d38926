package dk.elleve.backup.plan;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.kit.measure.Measure;
import dk.elleve.kit.measure.Sample;
import dk.elleve.kit.measure.Sampler;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// How safe the cluster is: the WAL outside the vault, the newest full backup, the slot.
@Component
class BackupSampler implements Sampler {

    private static final Measure WAL_AGE = new Measure(
            "elleve.backup.wal.unshipped.age", "seconds", "How old the oldest WAL outside the vault may be");
    private static final Measure WAL_AGE_MAX = new Measure(
            "elleve.backup.wal.unshipped.age.max", "seconds", "The oldest it has been since the service started");
    private static final Measure WAL_LIMIT =
            new Measure("elleve.backup.wal.unshipped.age.limit", "seconds", "The oldest it may become");
    private static final Measure STREAMING =
            new Measure("elleve.backup.wal.streaming", "1 while the stream of WAL from the server stands");
    private static final Measure CLOCK_OFFSET = new Measure(
            "elleve.backup.clock.offset", "seconds", "How much the server's clock is ahead of this process's");
    private static final Measure GAPS = new Measure(
            "elleve.backup.wal.gaps", "Losses of WAL since the newest backup: no restore goes beyond the first");
    private static final Measure SLOT_LAG = new Measure(
            "elleve.backup.slot.lag", "bytes", "WAL that the server has written and the vault has not confirmed");
    private static final Measure SLOT_ROOM = new Measure(
            "elleve.backup.slot.room", "bytes", "WAL that may still come before the server gives the slot up");
    private static final Measure FULL_AGE =
            new Measure("elleve.backup.full.age", "seconds", "How long ago the newest full backup was complete");
    private static final Measure NEWEST_AGE = new Measure(
            "elleve.backup.newest.age", "seconds", "How long ago the newest backup of either kind was complete");
    private static final Measure FULL_DURATION =
            new Measure("elleve.backup.full.duration", "seconds", "How long the newest full backup took");
    private static final Measure FULL_SIZE =
            new Measure("elleve.backup.full.stored", "bytes", "Size of the newest full backup in the vault");
    private static final Measure FULL_READ =
            new Measure("elleve.backup.full.read", "bytes", "What the newest full backup read from the server");
    private static final Measure RUNS = new Measure("elleve.backup.runs", "Backups in the catalogue, by state");

    private final Catalogue catalogue;
    private final String slot;
    private final Clock clock;

    BackupSampler(Catalogue catalogue, WalShipper wal, PlanProperties plan, MeterRegistry meters, Clock clock) {
        this.catalogue = catalogue;
        this.slot = wal.slot();
        this.clock = clock;
        WAL_AGE.gauge(meters, wal, each -> seconds(each.status().age()));
        WAL_AGE_MAX.gauge(meters, wal, each -> seconds(each.status().maxAge()));
        WAL_LIMIT.gauge(meters, plan, each -> seconds(each.walLimit()));
        CLOCK_OFFSET.gauge(meters, wal, each -> seconds(each.status().clockOffset()));
        STREAMING.gauge(meters, wal, each -> each.status().streaming() ? 1 : 0);
    }

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public void sample(Sample sample) {
        catalogue.slot(slot).ifPresent(found -> {
            sample.put(SLOT_LAG, found.lag());
            if (found.room() != null) {
                sample.put(SLOT_ROOM, found.room());
            }
        });
        catalogue.states().forEach((state, runs) -> sample.put(RUNS, runs, "state", state.word()));
        var newest = catalogue.newest();
        newest.map(Run::finishedAt).ifPresent(at -> sample.put(NEWEST_AGE, Duration.between(at, clock.instant())));
        catalogue.newestFull().ifPresent(run -> put(sample, run));
        sample.put(GAPS, catalogue.openGaps().size());
    }

    private void put(Sample sample, Run full) {
        if (full.startedAt() == null || full.finishedAt() == null) {
            return;
        }
        sample.put(FULL_AGE, Duration.between(full.finishedAt(), clock.instant()));
        sample.put(FULL_DURATION, Duration.between(full.startedAt(), full.finishedAt()));
        if (full.bytesStored() != null && full.bytesRead() != null) {
            sample.put(FULL_SIZE, full.bytesStored());
            sample.put(FULL_READ, full.bytesRead());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
