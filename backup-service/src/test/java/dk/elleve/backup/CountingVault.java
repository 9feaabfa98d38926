package dk.elleve.backup;

import dk.elleve.backup.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Counts the bytes that are read of each object.
public final class CountingVault implements Vault {

    private final Vault vault;
    private final ConcurrentSkipListMap<String, Long> read = new ConcurrentSkipListMap<>();

    public CountingVault(Vault vault) {
        this.vault = vault;
    }

    /// Names of objects that were read, of those that hold `what`.
    public List<String> names(String what) {
        return read.keySet().stream().filter(name -> name.contains(what)).toList();
    }

    public long bytes(String name) {
        return read.getOrDefault(name, 0L);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        return vault.putIfAbsent(name, bytes);
    }

    @Override
    public Optional<byte[]> get(String name) {
        return counted(name, vault.get(name));
    }

    @Override
    public Optional<byte[]> get(String name, int from, int size) {
        return counted(name, vault.get(name, from, size));
    }

    private Optional<byte[]> counted(String name, Optional<byte[]> bytes) {
        bytes.ifPresent(each -> read.merge(name, (long) each.length, Long::sum));
        return bytes;
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
