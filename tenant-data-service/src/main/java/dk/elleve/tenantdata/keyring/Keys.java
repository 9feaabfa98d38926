package dk.elleve.tenantdata.keyring;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.blob.BlobStore.BlobStorageAway;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.TenantKey;
import dk.elleve.kit.problem.Problem;
import dk.elleve.tenantdata.http.Bodies;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// The tenants' keys, as the features of this service use them.
@Component
public class Keys {

    private static final Logger log = LoggerFactory.getLogger(Keys.class);

    private final Keyring keyring;
    private final Bodies bodies;

    Keys(Keyring keyring, Bodies bodies) {
        this.keyring = keyring;
        this.bodies = bodies;
    }

    /// The tenant's key, made now if there is none; safe to repeat.
    ///
    /// @return the key's id
    public String create(TenantId tenant) {
        return keyring.create(tenant).id();
    }

    /// Destroys the tenant's key for good; safe to repeat.
    public void destroy(TenantId tenant) {
        keyring.destroy(tenant);
        log.info("The key of tenant {} is destroyed", tenant);
    }

    /// Whether the tenant's key is there and opens.
    public boolean opens(TenantId tenant) {
        return keyring.find(tenant).isPresent();
    }

    /// Whether there is no key of the tenant any more, asked of the keyring itself and not of memory.
    public boolean gone(TenantId tenant) {
        keyring.forget(tenant);
        return keyring.find(tenant).isEmpty();
    }

    /// What seals and opens the fields of one collection.
    ///
    /// @throws Problem `key-away` if the key is not there or cannot be reached now
    public FieldKeys of(TenantId tenant, String area, String collection) {
        TenantKey key;
        try {
            key = keyring.require(tenant);
        } catch (Keyring.KeyGone | Keyring.WrongMasterKey | BlobStorageAway away) {
            log.error("Requests of tenant {} are refused: its key cannot be used", tenant, away);
            throw new Problem(
                    KeyProblem.KEY_AWAY,
                    "Personal fields cannot be sealed or opened now; nothing was changed. Retry in a moment.",
                    List.of(),
                    Map.of("Retry-After", "5"));
        }
        return new FieldKeys(key, area, collection, bodies.json());
    }

    /// The same, fetched before a transaction begins, so that a slow key store keeps no database session waiting. What
    /// goes wrong is told only when the keys are asked for: that there is no such tenant any more counts for more.
    public Supplier<FieldKeys> fetched(TenantId tenant, String area, String collection) {
        try {
            var keys = of(tenant, area, collection);
            return () -> keys;
        } catch (Problem away) {
            return () -> {
                throw away;
            };
        }
    }
}
