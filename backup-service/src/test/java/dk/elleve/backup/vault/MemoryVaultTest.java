package dk.elleve.backup.vault;

import dk.elleve.backup.MemoryVault;

/// The tests' own vault must not promise anything else than the real ones.
class MemoryVaultTest extends VaultContract {

    private final Vault vault = new MemoryVault();

    @Override
    Vault vault() {
        return vault;
    }
}
