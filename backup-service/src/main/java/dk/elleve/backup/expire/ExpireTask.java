package dk.elleve.backup.expire;

import dk.elleve.backup.catalogue.Catalogue;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Looks once an hour whether anything has expired. Called between backups, never beside one.
@Component
public class ExpireTask {

    private static final Logger LOG = LoggerFactory.getLogger(ExpireTask.class);
    private static final Duration EVERY = Duration.ofHours(1);

    private final Catalogue catalogue;
    private final Expiry expiry;
    private final Clock clock;
    private Instant next = Instant.EPOCH;

    ExpireTask(Catalogue catalogue, ClusterVault vault, ExpireProperties properties, Clock clock) {
        this.catalogue = catalogue;
        this.expiry = new Expiry(vault, properties.retention());
        this.clock = clock;
    }

    public void turn() {
        var now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(EVERY);
        try {
            var gone = expiry.run(now, catalogue::expired);
            if (!gone.backups().isEmpty() || gone.walObjects() > 0) {
                LOG.atInfo()
                        .addKeyValue("backups", gone.backups())
                        .addKeyValue("walObjects", gone.walObjects())
                        .addKeyValue("walKeys", gone.walKeys())
                        .log("What nobody needs any more has left the vault");
            }
        } catch (VaultException e) {
            // The storage is away, or keeps what its own policy tells it to keep: the next hour tries again.
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Not everything that has expired could be removed");
        }
    }
}
