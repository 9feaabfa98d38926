package dk.elleve.backup.vault;

import dk.elleve.kit.blob.AzureBlobStore;
import dk.elleve.kit.test.Rig;

class BlobVaultTest extends VaultContract {

    private static final Vault VAULT =
            new BlobVault(new AzureBlobStore(Rig.azurite().connectionString()), "contract");

    @Override
    Vault vault() {
        return VAULT;
    }
}
