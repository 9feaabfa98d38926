package dk.elleve.backup.vault;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FolderVaultTest extends VaultContract {

    @TempDir
    Path folder;

    @Override
    Vault vault() {
        return new FolderVault(folder);
    }
}
