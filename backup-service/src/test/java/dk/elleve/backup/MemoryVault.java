package dk.elleve.backup;

import dk.elleve.backup.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// A vault that tests can look into and tamper with.
public final class MemoryVault implements Vault {

    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        return objects.putIfAbsent(name, bytes.clone()) == null;
    }

    @Override
    public Optional<byte[]> get(String name) {
        return Optional.ofNullable(objects.get(name)).map(byte[]::clone);
    }

    @Override
    public List<String> list(String prefix) {
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .toList();
    }

    @Override
    public void delete(String name) {
        objects.remove(name);
    }

    /// Puts other bytes under a name, as somebody with the storage account's key could.
    public void overwrite(String name, byte[] bytes) {
        objects.put(name, bytes.clone());
    }

    /// For the end of a class of tests: what it has stored would stay in memory as long as all others
    /// run.
    public void clear() {
        objects.clear();
    }

    public MemoryVault copy() {
        var copy = new MemoryVault();
        copy.objects.putAll(objects);
        return copy;
    }
}
