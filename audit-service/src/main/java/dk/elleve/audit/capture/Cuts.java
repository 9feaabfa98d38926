package dk.elleve.audit.capture;

import dk.elleve.audit.capture.Comparer.NotNow;
import dk.elleve.contracts.Actor;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.springframework.stereotype.Component;

/// Has the streams of sources stop at a position and keep what their tables add up to there. Of each
/// source one cut is wanted at a time.
@Component
class Cuts {

    enum Answer {
        ASKED,
        /// Changes behind the position are taken over already: another position may do.
        PASSED,
        /// Another cut of one of the sources is under way.
        BUSY
    }

    /// How long a stream may take to come to a position.
    private static final Duration CATCH_UP = Duration.ofMinutes(10);

    /// After that whoever asked ended without saying so.
    private static final Duration LONGEST = Duration.ofHours(12);

    private static final Duration LOOK = Duration.ofMillis(200);

    private static final Actor ACTOR = Actor.system("audit/comparer");

    private final WatermarkStore watermarks;
    private final FingerprintStore store;
    private final Transactions transactions;
    private final Clock clock;

    Cuts(WatermarkStore watermarks, FingerprintStore store, Transactions transactions, Clock clock) {
        this.watermarks = watermarks;
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Asks for a cut of all these sources at the same position, or of none of them.
    ///
    /// @throws NotNow if nothing of one of them was taken over yet
    Answer ask(List<SourceId> sources, UUID id, long position) throws NotNow {
        record Asked(Answer answer, List<String> unknown) {}
        var asked = transactions.write(Scope.platform(), ACTOR, () -> {
            // All are held before anything is asked for: none of them passes the position meanwhile.
            var unknown = new ArrayList<String>();
            boolean passed = false;
            for (var source : sources) {
                var watermark = watermarks.find(source);
                if (watermark.isEmpty()) {
                    unknown.add(source.database());
                } else {
                    passed |= watermark.get().commit() >= position;
                }
            }
            if (passed || !unknown.isEmpty()) {
                return new Asked(Answer.PASSED, unknown);
            }
            var now = clock.instant();
            boolean free =
                    sources.stream().allMatch(source -> store.ask(source, id, position, now, now.minus(LONGEST)));
            if (!free) {
                sources.forEach(source -> store.done(source, id));
            }
            return new Asked(free ? Answer.ASKED : Answer.BUSY, unknown);
        });
        if (!asked.unknown().isEmpty()) {
            throw new NotNow("Nothing of " + String.join(", ", asked.unknown()) + " has been taken over yet");
        }
        return asked.answer();
    }

    /// Waits until all of them are cut.
    ///
    /// @throws NotNow if one of them does not come to it, or changes of it are missing
    void await(List<SourceId> sources, UUID id) throws NotNow {
        var until = clock.instant().plus(CATCH_UP);
        for (var source : sources) {
            while (!transactions
                    .read(Scope.platform(), () -> store.isCut(source, id))
                    .orElseThrow(() -> missing(source))) {
                if (clock.instant().isAfter(until) || Thread.currentThread().isInterrupted()) {
                    throw new NotNow("The stream of " + source.database() + " does not come to the position");
                }
                LockSupport.parkNanos(LOOK.toNanos());
            }
        }
    }

    /// They are no longer needed.
    void done(List<SourceId> sources, UUID id) {
        transactions.run(Scope.platform(), ACTOR, () -> sources.forEach(source -> store.done(source, id)));
    }

    static NotNow missing(SourceId source) {
        return new NotNow("Changes of " + source.database() + " are missing");
    }
}
