package dk.elleve.backup.vault;

import dk.elleve.kit.blob.BlobProtection;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// Looks at the start and every hour at what keeps the vault's objects, and says so when it is another
/// thing than before.
public class ImmutabilityWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ImmutabilityWatch.class);

    private final Supplier<BlobProtection> ask;
    private final AtomicReference<@Nullable Immutability> newest = new AtomicReference<>();

    public ImmutabilityWatch(Supplier<BlobProtection> ask) {
        this.ask = ask;
    }

    /// Empty until the storage has answered for the first time.
    public Optional<Immutability> newest() {
        return Optional.ofNullable(newest.get());
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.HOURS)
    void look() {
        try {
            var now = Immutability.of(ask.get());
            var before = newest.getAndSet(now);
            if (before == null || before.state() != now.state() || before.legalHold() != now.legalHold()) {
                LOG.atInfo()
                        .addKeyValue("state", now.state().word())
                        .addKeyValue("until", now.until())
                        .addKeyValue("legalHold", now.legalHold())
                        .addKeyValue("versions", now.versions())
                        .addKeyValue("softDeleteDays", now.softDeleteDays())
                        .log("How immutable the vault is");
            }
        } catch (BlobStorageAway e) {
            // What was seen an hour ago is shown on.
            LOG.atWarn().addKeyValue("reason", e.getMessage()).log("The vault does not tell what keeps its objects");
        }
    }
}
