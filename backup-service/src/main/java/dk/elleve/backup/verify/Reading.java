package dk.elleve.backup.verify;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.WalShelf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads objects of a vault again, several at once: each is fetched, authenticated to its last byte,
/// and compared with what its manifest says of it; a share is unpacked, see [Share].
public final class Reading {

    /// Hears how far the reading is, every few objects.
    @FunctionalInterface
    public interface Listener {

        Listener NONE = progress -> {};

        void read(Progress progress);
    }

    /// @param position the last object in the order of names that has been read, with all before it
    /// @param objects how many were read by this reading …
    /// @param total … of so many
    /// @param bytes their content, as long as it is unpacked
    public record Progress(String position, long objects, long total, long bytes, List<Damage> problems) {}

    private record One(String name, long bytes, Optional<Damage> problem) {}

    private static final int WORKERS = 2;
    private static final int BATCH = 32;

    private final ClusterVault vault;
    private final Instant now;

    /// @param now decides what is unpacked
    public Reading(ClusterVault vault, Instant now) {
        this.vault = vault;
        this.now = now;
    }

    /// Reads everything in the vault.
    ///
    /// @return what is wrong, in words
    public List<String> all() throws InterruptedException {
        var inventory = Inventory.of(vault, null);
        var problems = new ArrayList<>(inventory.problems());
        read(inventory, name -> true, "", progress -> problems.addAll(progress.problems()));
        return problems.stream()
                .map(problem -> problem.object() + ": " + problem.what())
                .toList();
    }

    /// @param chosen which objects are read
    /// @param behind those behind this name, where an earlier reading was broken off
    /// @param listener hears after each batch, with the problems of that batch
    void read(Inventory inventory, Predicate<String> chosen, String behind, Listener listener)
            throws InterruptedException {
        var names = inventory.objects().tailMap(behind, false).keySet().stream()
                .filter(chosen)
                .toList();
        var workers = Executors.newFixedThreadPool(
                WORKERS, Thread.ofPlatform().name("verify-", 1).daemon().factory());
        try {
            var bytes = 0L;
            for (var from = 0; from < names.size(); from += BATCH) {
                var batch = names.subList(from, Math.min(names.size(), from + BATCH));
                var futures = new ArrayList<Future<One>>();
                for (var name : batch) {
                    futures.add(
                            workers.submit(() -> read(name, inventory.objects().get(name))));
                }
                var problems = new ArrayList<Damage>();
                for (var future : futures) {
                    var one = result(future);
                    bytes += one.bytes();
                    one.problem().ifPresent(problems::add);
                }
                listener.read(new Progress(batch.getLast(), from + batch.size(), names.size(), bytes, problems));
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private One read(String name, Inventory.@Nullable Expected expected) {
        var backup = expected == null ? null : expected.backup();
        try {
            var bytes = vault.read(name, expected == null ? null : expected.seal(), new Share(name, now));
            return new One(name, bytes, Optional.empty());
        } catch (VaultException e) {
            if (e.problem().saysNothingOfTheObject()) {
                throw e;
            }
            var gone = e.problem() == VaultProblem.MISSING && isNoLongerWanted(name, backup);
            return new One(
                    name,
                    0,
                    gone ? Optional.empty() : Optional.of(new Damage(name, backup, String.valueOf(e.getMessage()))));
        }
    }

    /// Since the inventory was taken a part of a segment may have been replaced by a longer one, and a
    /// backup may have expired with its WAL.
    private boolean isNoLongerWanted(String name, @Nullable String backup) {
        if (backup != null) {
            return !new Backups(vault).ids().contains(backup);
        }
        var backups = new Backups(vault).all();
        return !vault.list(name.substring(0, name.lastIndexOf('/') + 1)).isEmpty()
                || backups.stream().allMatch(each -> WalShelf.isBefore(name, each.walSegmentSize(), each.startLsn()));
    }

    private static One result(Future<One> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        }
    }
}
