package dk.elleve.backup;

import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Fails on order at the n-th write or deletion, before or after it has had its effect; from then on everything
/// fails, as for a process that has died.
public final class FaultyVault implements Vault {

    private final Vault vault;
    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger writes = new AtomicInteger();
    private volatile boolean afterwards;
    private volatile boolean dead;
    private volatile boolean away;

    public FaultyVault(Vault vault) {
        this.vault = vault;
    }

    public void dieAt(int write, boolean afterwards) {
        this.afterwards = afterwards;
        left.set(write);
    }

    public void away(boolean away) {
        this.away = away;
    }

    public int writes() {
        return writes.get();
    }

    public boolean isDead() {
        return dead;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        if (!fault()) {
            return vault.putIfAbsent(name, bytes);
        }
        if (afterwards) {
            vault.putIfAbsent(name, bytes);
        }
        throw dead(name);
    }

    @Override
    public Optional<byte[]> get(String name) {
        requireAlive(name);
        return vault.get(name);
    }

    @Override
    public List<String> list(String prefix) {
        requireAlive(prefix);
        return vault.list(prefix);
    }

    @Override
    public void delete(String name) {
        if (!fault()) {
            vault.delete(name);
            return;
        }
        if (afterwards) {
            vault.delete(name);
        }
        throw dead(name);
    }

    private boolean fault() {
        requireAlive("anything");
        writes.incrementAndGet();
        if (left.decrementAndGet() > 0) {
            return false;
        }
        dead = true;
        return true;
    }

    private void requireAlive(String name) {
        if (dead || away) {
            throw dead(name);
        }
    }

    private static VaultException dead(String name) {
        return new VaultException(VaultProblem.UNREACHABLE, "died on order at '" + name + "'");
    }
}
