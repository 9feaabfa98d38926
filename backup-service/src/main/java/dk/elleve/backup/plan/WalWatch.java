package dk.elleve.backup.plan;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.catalogue.Run;
import dk.elleve.backup.cluster.Clusters;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.wal.WalShipper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Measures once a minute how old the WAL outside the vault is, and says it for or against the promise. Also
/// brings the catalogue in line with the vault, and says that this process lives.
@Component
class WalWatch {

    private static final Logger LOG = LoggerFactory.getLogger(WalWatch.class);

    static final String CLAIM = "backup.wal";
    static final String INCREMENTAL_CLAIM = "backup.incremental";

    /// What the answer promises in so many words. A stricter setting counts, a looser one does not.
    private static final Duration FULL_PROMISE = Duration.ofDays(8);

    private static final Duration WAL_PROMISE = Duration.ofMinutes(5);

    private static final Duration INCREMENTAL_PROMISE = Duration.ofHours(13);

    /// How often an old backup is vouched for again.
    private static final Duration EVERY = Duration.ofHours(1);

    private final Catalogue catalogue;
    private final Clusters clusters;
    private final WalShipper wal;
    private final PlanProperties properties;
    private final Clock clock;
    private Instant said = Instant.EPOCH;

    WalWatch(Catalogue catalogue, Clusters clusters, WalShipper wal, PlanProperties properties, Clock clock) {
        this.catalogue = catalogue;
        this.clusters = clusters;
        this.wal = wal;
        this.properties = properties;
        this.clock = clock;
    }

    void turn() {
        clusters.seen();
        try {
            catalogue.rebuild();
            sayBackups();
        } catch (VaultException e) {
            // Nothing is said of what could not be seen; how old the WAL outside the vault is, all the more.
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("The catalogue could not be compared with the vault");
        }
        sayWal();
    }

    private void sayWal() {
        var status = wal.status();
        var limit = stricter(properties.walLimit(), WAL_PROMISE);
        if (status.safeUntil().isEmpty() && status.age().compareTo(limit) < 0) {
            // Just started: neither proof nor failure yet.
            return;
        }
        var gap = !catalogue.openGaps().isEmpty();
        var facts = new TreeMap<String, String>();
        facts.put("age", status.age().toString());
        facts.put("maxAge", status.maxAge().toString());
        facts.put("limit", limit.toString());
        facts.put("shipped", status.shipped());
        facts.put("streaming", Boolean.toString(status.streaming()));
        status.safeUntil().ifPresent(time -> facts.put("safeUntil", time.toString()));
        if (gap) {
            facts.put("gap", "WAL was lost since the newest backup");
        }
        catalogue.evidence(CLAIM, status.age().compareTo(limit) <= 0 && !gap, facts);
    }

    private void sayBackups() {
        if (said.plus(EVERY).isAfter(clock.instant())) {
            return;
        }
        var full = catalogue.newestFull();
        var newest = catalogue.newest();
        if (full.isEmpty() || newest.isEmpty()) {
            return;
        }
        // A day of grace: a run that failed once and was mended is no broken promise.
        say(BackupRuns.CLAIM, full.get(), stricter(properties.fullEvery().plusDays(1), FULL_PROMISE));
        say(INCREMENTAL_CLAIM, newest.get(), INCREMENTAL_PROMISE);
        said = clock.instant();
    }

    private void say(String claim, Run backup, Duration limit) {
        if (backup.finishedAt() == null) {
            return;
        }
        var age = Duration.between(backup.finishedAt(), clock.instant());
        var facts = new TreeMap<String, String>();
        facts.put("backup", backup.id());
        facts.put("age", age.toString());
        facts.put("limit", limit.toString());
        catalogue.evidence(claim, age.compareTo(limit) <= 0, facts);
    }

    private static Duration stricter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
