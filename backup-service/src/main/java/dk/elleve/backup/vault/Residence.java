package dk.elleve.backup.vault;

import dk.elleve.kit.blob.BlobPlace;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.kit.residency.Residency;
import dk.elleve.kit.residency.ResidencyCheck;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Whether the vault still lies where the settings say. The storage does not tell its region; it tells
/// whether it copies itself to a second one, and the name service tells which cluster holds the
/// account: a declared region becomes untrue by either of them changing.
///
/// An answer counts for a minute. When there is none, nothing is known, and the question fails as a
/// write would.
public final class Residence implements ResidencyCheck {

    private static final Duration GOOD_FOR = Duration.ofMinutes(1);
    private static final String BLOB = "blob";
    private static final String REPLICA = "blob-replica";

    private final Residency residency;
    private final Supplier<BlobPlace> ask;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Instant askedAt = Instant.MIN;
    private @Nullable BlobPlace place;
    private @Nullable String firstAlias;

    /// @param ask asks the storage and the name service
    public Residence(Residency residency, Supplier<BlobPlace> ask, Clock clock) {
        this.residency = residency;
        this.ask = ask;
        this.clock = clock;
    }

    @Override
    public Optional<String> objection() {
        var declared = declaredObjection();
        if (declared.isPresent()) {
            return declared;
        }
        lock.lock();
        try {
            var now = look();
            return objection(residency, now, firstAlias);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Map<String, String> facts() {
        var facts = new TreeMap<String, String>();
        lock.lock();
        try {
            if (place != null) {
                facts.put("blob.host", place.host());
                facts.put("blob.redundancy", place.redundancy() == null ? "not told" : place.redundancy());
                facts.put("blob.alias", place.alias() == null ? "none" : place.alias());
            }
        } finally {
            lock.unlock();
        }
        return facts;
    }

    /// @param firstAlias where the host's name led when this process began
    static Optional<String> objection(Residency residency, BlobPlace place, @Nullable String firstAlias) {
        if (residency.isLocal(BLOB)) {
            return Optional.empty();
        }
        if (!place.secure()) {
            return Optional.of("'" + place.host() + "' is spoken to without TLS, so it may be any host");
        }
        if (firstAlias != null && place.alias() != null && !place.alias().equals(firstAlias)) {
            return Optional.of("'" + place.host() + "' led to " + firstAlias + " and now leads to " + place.alias()
                    + "; see where the account is, then start the service again");
        }
        if (place.isGeoRedundant()) {
            var replica = residency.regions().get(REPLICA);
            if (replica == null) {
                return Optional.of("the account copies itself to a second region (" + place.redundancy()
                        + ") that is not declared: set elleve.residency.regions." + REPLICA);
            }
            if (!residency.allows(replica)) {
                return Optional.of("the account copies itself to " + replica + ", which is not allowed");
            }
        }
        return Optional.empty();
    }

    private Optional<String> declaredObjection() {
        var region = residency.regions().get(BLOB);
        return region != null && residency.allows(region)
                ? Optional.empty()
                : Optional.of("the region of the blob storage, " + region + ", is not allowed");
    }

    private BlobPlace look() {
        var known = place;
        var now = clock.instant();
        // One thread asks, the others wait for its answer: without one none of them may write.
        if (known == null || !askedAt.plus(GOOD_FOR).isAfter(now)) {
            try {
                known = ask.get();
            } catch (BlobStorageAway e) {
                throw new VaultException(
                        VaultProblem.UNREACHABLE, "the blob storage does not tell where it is: " + e.getMessage(), e);
            }
            place = known;
            askedAt = now;
            if (firstAlias == null) {
                firstAlias = known.alias();
            }
        }
        return known;
    }
}
