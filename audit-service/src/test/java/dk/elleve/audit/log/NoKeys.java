package dk.elleve.audit.log;

import dk.elleve.contracts.TenantId;
import dk.elleve.kit.keyring.Keyring;
import dk.elleve.kit.keyring.TenantKey;
import java.util.Optional;

/// No tenant has a key: everything is sealed under the platform's.
final class NoKeys implements Keyring {

    @Override
    public Optional<TenantKey> find(TenantId tenant) {
        return Optional.empty();
    }

    @Override
    public TenantKey create(TenantId tenant) {
        throw new UnsupportedOperationException("No tenant has a key here");
    }

    @Override
    public void destroy(TenantId tenant) {}

    @Override
    public void forget(TenantId tenant) {}
}
