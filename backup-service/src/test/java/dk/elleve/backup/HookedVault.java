package dk.elleve.backup;

import dk.elleve.backup.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Lets something happen just before a write or a deletion; what it throws is what the storage answers.
public final class HookedVault implements Vault {

    private final Vault vault;
    private volatile Consumer<String> beforePut = name -> {};
    private volatile Consumer<String> beforeDelete = name -> {};

    public HookedVault(Vault vault) {
        this.vault = vault;
    }

    public void beforePut(Consumer<String> hook) {
        beforePut = hook;
    }

    public void beforeDelete(Consumer<String> hook) {
        beforeDelete = hook;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        beforePut.accept(name);
        return vault.putIfAbsent(name, bytes);
    }

    @Override
    public Optional<byte[]> get(String name) {
        return vault.get(name);
    }

    @Override
    public List<String> list(String prefix) {
        return vault.list(prefix);
    }

    @Override
    public void delete(String name) {
        beforeDelete.accept(name);
        vault.delete(name);
    }
}
