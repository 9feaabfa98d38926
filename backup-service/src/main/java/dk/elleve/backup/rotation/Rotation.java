package dk.elleve.backup.rotation;

import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.KeyStatus;
import dk.elleve.backup.vault.Rewrapped;
import dk.elleve.backup.vault.VaultException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Wraps the data keys again when former master keys are configured, or the master key has got a new version
/// where it is kept, until none but the current one is needed. The scheduler calls it in one place of the
/// cluster at a time.
@Component
class Rotation {

    /// The end of a run, as long as this process lives.
    record Last(Instant at, Rewrapped done) {}

    private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

    /// An immutable container is asked again now and then whether it lets go.
    private static final Duration AFTER_REFUSAL = Duration.ofHours(1);

    /// How often is asked whether the master key has a new version where it is kept.
    private static final Duration LOOK_EVERY = Duration.ofMinutes(5);

    private final ClusterVault vault;
    private final KeyRing masters;
    private final Clock clock;
    private Instant lookAt = Instant.MIN;
    private volatile boolean running;
    private volatile @Nullable Last last;

    Rotation(ClusterVault vault, KeyRing masters, Clock clock) {
        this.vault = vault;
        this.masters = masters;
        this.clock = clock;
    }

    void turn() {
        try {
            look();
            if (!masters.hasFormer() || isWaiting() || vault.keyStatus().isSettled()) {
                return;
            }
            running = true;
            var done = vault.rewrap(Rotation::say);
            last = new Last(clock.instant(), done);
            LOG.atInfo()
                    .addKeyValue("written", done.written())
                    .addKeyValue("deleted", done.deleted())
                    .addKeyValue("refused", done.refused())
                    .log(
                            done.complete()
                                    ? "Every data key is wrapped by the current master key; no former one is needed"
                                    : "Not every data key is wrapped by the current master key yet; tried again");
        } catch (VaultException e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("The rotation of the master key broke off; it goes on in a minute");
        } finally {
            running = false;
        }
    }

    /// What is known stays when there is no answer. Whoever disables or deletes the key is heard of here, before
    /// the next data key is refused.
    private void look() {
        if (clock.instant().isBefore(lookAt)) {
            return;
        }
        masters.look();
        lookAt = clock.instant().plus(LOOK_EVERY);
    }

    private static void say(int done, int keys) {
        if (done % 100 == 0) {
            LOG.atInfo().addKeyValue("done", done).addKeyValue("keys", keys).log("The master key is being rotated");
        }
    }

    String cluster() {
        return vault.systemId();
    }

    KeyStatus status() {
        return vault.keyStatus();
    }

    /// `current` when the current master key opens everything and no other anything, `rewrapping` while
    /// this process is at it, else `mixed`.
    String state(KeyStatus status) {
        if (running) {
            return "rewrapping";
        }
        return status.isSettled() ? "current" : "mixed";
    }

    Optional<Last> last() {
        return Optional.ofNullable(last);
    }

    private boolean isWaiting() {
        var before = last;
        return before != null
                && before.done().complete()
                && before.done().refused() > 0
                && before.at().plus(AFTER_REFUSAL).isAfter(clock.instant());
    }
}
