package dk.elleve.backup.drill;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.erasure.Erasures;
import dk.elleve.backup.restore.RestoreException;
import dk.elleve.backup.restore.RestoreProblem;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.fingerprint.FingerprintKey;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/// The moments of which it is known what the tables must hold, and the choice among them.
@Component
class Moments {

    private static final Actor ACTOR = Actor.system("backup/drill");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MarkStore marks;
    private final LogMarkStore logMarks;
    private final Optional<FingerprintKey> key;
    private final Catalogue catalogue;
    private final Erasures erasures;
    private final ClusterVault vault;
    private final Transactions transactions;
    private final Clock clock;

    Moments(
            MarkStore marks,
            LogMarkStore logMarks,
            TallyProperties tallies,
            Catalogue catalogue,
            Erasures erasures,
            ClusterVault vault,
            Transactions transactions,
            Clock clock) {
        this.marks = marks;
        this.logMarks = logMarks;
        this.key = tallies.key();
        this.catalogue = catalogue;
        this.erasures = erasures;
        this.vault = vault;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// When the source was last looked at.
    Optional<Instant> newestMark() {
        return transactions.read(Scope.platform(), () -> marks.newest(vault.systemId()));
    }

    /// This commit also makes the server write its log down beyond the mark's position.
    Mark keep(Mark mark) {
        transactions.run(Scope.platform(), ACTOR, () -> marks.add(vault.systemId(), mark));
        return mark;
    }

    Optional<TallyCheck> tallyCheck() {
        return key.map(secret -> new TallyCheck(vault.systemId(), secret));
    }

    /// Why a copy of a cluster cannot be compared with the log; empty when it can.
    Optional<String> objectionToLog(String cluster) {
        if (key.isEmpty()) {
            return Optional.of("there is no elleve.fingerprint-key");
        }
        return transactions.read(Scope.platform(), () -> {
            if (!logMarks.comparable(cluster, key.get().id()).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    logMarks.knows(cluster)
                            ? "no tally since the oldest backup has a table that can be compared under this"
                                    + " elleve.fingerprint-key"
                            : "audit-service has told no tally of this cluster yet");
        });
    }

    /// What the next drill by schedule is compared with: the other than the last, if that can be.
    ComparedWith next(Optional<ComparedWith> last) {
        boolean log = last.filter(ComparedWith.SOURCE::equals).isPresent()
                && logMark(true).isPresent();
        return log ? ComparedWith.LOG : ComparedWith.SOURCE;
    }

    /// The moment for a drill: by schedule any that is known and can still be reached; for an
    /// erasure the last one before it; by order, compared with the log, the newest one. Empty for a
    /// drill that makes a moment of its own.
    Optional<? extends Moment> find(DrillRecord drill) {
        boolean any = drill.cause().equals(Drills.SCHEDULED);
        return switch (drill.comparedWith()) {
            case LOG -> logMark(any);
            case SOURCE ->
                drill.cause().equals(Drills.REQUESTED)
                        ? Optional.empty()
                        : mark(
                                drill.cause().equals(Drills.ERASURE)
                                        ? erasures.oldestWaiting().orElse(Instant.EPOCH)
                                        : clock.instant(),
                                any);
        };
    }

    private Optional<Mark> mark(Instant before, boolean any) {
        var known = transactions.read(Scope.platform(), () -> marks.moments(vault.systemId(), before));
        return first(known, any)
                .flatMap(at -> transactions.read(Scope.platform(), () -> marks.find(vault.systemId(), at)));
    }

    private Optional<LogMark> logMark(boolean any) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        var id = key.get().id();
        var known = transactions.read(Scope.platform(), () -> logMarks.comparable(vault.systemId(), id));
        return first(known, any)
                .flatMap(at -> transactions.read(Scope.platform(), () -> logMarks.find(vault.systemId(), at, id)));
    }

    /// @param any at random; otherwise in the order they are in
    private Optional<Moment.At> first(List<Moment.At> moments, boolean any) {
        var order = new ArrayList<>(moments);
        if (any) {
            Collections.shuffle(order, RANDOM);
        }
        return order.stream().filter(this::isReachable).findFirst();
    }

    private boolean isReachable(Moment.At at) {
        try {
            new Restorer(vault).plan(new RestoreTarget.AtLsn(at.position(), at.timeline()));
            return true;
        } catch (RestoreException e) {
            return !isKnownToBeGone(e);
        }
    }

    /// Moments before the oldest backup, behind a loss that is on record, or on a timeline that the
    /// cluster has left, cannot be reached, and nobody said they could. Whatever else is in the
    /// way is for the drill to find out.
    private boolean isKnownToBeGone(RestoreException e) {
        return e.problem() == RestoreProblem.NO_BACKUP
                || e.problem() == RestoreProblem.OTHER_TIMELINE
                || (e.problem() == RestoreProblem.WAL_GAP && !catalogue.gaps().isEmpty());
    }
}
