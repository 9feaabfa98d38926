package dk.elleve.backup.vault;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A vault that nothing is written to while it may lie where data must not go. Reading and deleting go
/// on: they bring no data there.
public final class ResidentVault implements Vault {

    private final Vault vault;
    private final Supplier<Optional<String>> objection;

    /// @param objection why nothing may be written now; asked at every write
    public ResidentVault(Vault vault, Supplier<Optional<String>> objection) {
        this.vault = vault;
        this.objection = objection;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        requireAllowed();
        return vault.putIfAbsent(name, bytes);
    }

    /// Fails with [VaultProblem#REGION_NOT_ALLOWED] when nothing may be written now.
    public void requireAllowed() {
        objection.get().ifPresent(reason -> {
            throw new VaultException(VaultProblem.REGION_NOT_ALLOWED, "nothing is written to the vault: " + reason);
        });
    }

    @Override
    public Optional<byte[]> get(String name) {
        return vault.get(name);
    }

    @Override
    public Optional<byte[]> get(String name, int from, int size) {
        return vault.get(name, from, size);
    }

    @Override
    public List<String> list(String prefix) {
        return vault.list(prefix);
    }

    @Override
    public void delete(String name) {
        vault.delete(name);
    }
}
