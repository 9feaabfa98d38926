package dk.elleve.backup.drill;

import dk.elleve.backup.restore.Door;
import dk.elleve.backup.restore.ErasureReplay;
import dk.elleve.backup.restore.Landing;
import dk.elleve.backup.restore.RestoreProgress;
import dk.elleve.backup.restore.RestoreTarget;
import dk.elleve.backup.restore.Restored;
import dk.elleve.backup.restore.RestoredServer;
import dk.elleve.backup.restore.Restorer;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.wal.WalShipper;
import dk.elleve.backup.wire.WireSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Restores the cluster to a scratch server, compares every row with the source or with what the
/// log of all changes says, and the audit log in it with what was signed. Page checksums would not
/// do: rows that came back from the dead have good ones.
final class Drill {

    private static final Duration QUIET_PATIENCE = Duration.ofMinutes(2);
    private static final Duration WAL_PATIENCE = Duration.ofMinutes(2);
    private static final int NAMED_DIFFERENCES = 5;

    private final WireSettings source;
    private final ClusterVault vault;
    private final WalShipper wal;
    private final Path programs;
    private final Path folder;
    private final Duration patience;
    private final Predicate<String> keyGone;
    private final @Nullable LogCheck logs;
    private final @Nullable TallyCheck tallies;
    private final Clock clock;

    /// @param programs PostgreSQL's `bin` folder
    /// @param folder where to restore to; its content is the drills' own
    /// @param keyGone whether a tenant's key is destroyed
    /// @param logs proves the audit log in the copy; none when nobody said whose signature counts
    /// @param tallies proves the rows by the log of their changes; none when nobody gave the key
    Drill(
            WireSettings source,
            ClusterVault vault,
            WalShipper wal,
            Path programs,
            Path folder,
            Duration patience,
            Predicate<String> keyGone,
            @Nullable LogCheck logs,
            @Nullable TallyCheck tallies,
            Clock clock) {
        this.source = source;
        this.vault = vault;
        this.wal = wal;
        this.programs = programs;
        this.folder = folder.toAbsolutePath().normalize();
        this.patience = patience;
        this.keyGone = keyGone;
        this.logs = logs;
        this.tallies = tallies;
        this.clock = clock;
    }

    /// Takes down what the tables hold now. A commit after it makes the server write its log beyond it.
    Mark mark() throws InterruptedException {
        try {
            return new SourceReader(source).atOnePosition(QUIET_PATIENCE, clock);
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /// @param there the moment to restore, and what the tables must hold then
    DrillResult run(String id, Moment there) throws InterruptedException {
        try {
            clear();
            var recoveryPoint = wal.status().age();
            if (!wal.awaitShipped(there.position(), WAL_PATIENCE)) {
                throw new IllegalStateException("the WAL up to " + there.position() + " did not reach the vault within "
                        + WAL_PATIENCE + "; it ends at " + wal.status().shipped());
            }
            var ordered = clock.instant();
            var restorer = new Restorer(vault);
            var plan = restorer.plan(
                    new RestoreTarget.AtLsn(there.position(), there.at().timeline()));
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            var restored = restorer.restore(plan, new Landing(folder.resolve(id), freePort()), RestoreProgress.NONE);
            if (!restored.erasures().isEmpty()) {
                Door.shut(restored.landing().folder(), source.user());
            }
            try {
                var compared = compare(restored, there);
                return new DrillResult(
                        there instanceof LogMark ? ComparedWith.LOG : ComparedWith.SOURCE,
                        restored.backup(),
                        there.position().toString(),
                        restored.newestCommit().orElse(plan.manifest().finishedAt()),
                        Duration.between(ordered, compared.openedAt()),
                        recoveryPoint,
                        compared.rows().tables(),
                        compared.rows().rows(),
                        compared.rows().notComparable(),
                        compared.logs(),
                        eraseAgain(restored, there));
            } finally {
                clear();
            }
        } catch (SQLException e) {
            throw unreadable(e);
        } catch (IOException e) {
            throw new UncheckedIOException("the drill's folder " + folder + " failed: " + e.getMessage(), e);
        }
    }

    /// @param notComparable how many tables the log can say nothing of
    private record Rows(int tables, long rows, int notComparable) {}

    private record Compared(
            Instant openedAt, Rows rows, @Nullable List<ProvenLog> logs) {}

    private Compared compare(Restored restored, Moment there) throws SQLException, InterruptedException {
        try (var server = RestoredServer.start(programs, restored.landing(), patience)) {
            var openedAt = clock.instant();
            var port = server.landing().port();
            var copy = new WireSettings(
                    "127.0.0.1", port, source.user(), source.password(), "disable", null, source.deadline());
            var reader = new SourceReader(copy);
            var rows = switch (there) {
                case Mark mark -> likeTheSource(mark, reader);
                case LogMark mark -> byTheLog(mark, reader);
            };
            var proven = logs == null ? null : logs.prove(reader);
            server.shutDown(patience);
            return new Compared(openedAt, rows, proven);
        }
    }

    private static Rows likeTheSource(Mark there, SourceReader copy) throws SQLException {
        var here = copy.now();
        var differences = there.content().differences(here);
        if (!differences.isEmpty()) {
            throw new IllegalStateException(differences.size() + " of "
                    + there.content().tables().size()
                    + " tables came back with other content at " + there.position() + ": "
                    + differences.stream().limit(NAMED_DIFFERENCES).toList());
        }
        return new Rows(here.tables().size(), here.rows(), 0);
    }

    private Rows byTheLog(LogMark there, SourceReader copy) throws SQLException {
        if (tallies == null) {
            throw new IllegalStateException("there is no elleve.fingerprint-key to compare with the log by");
        }
        var compared = tallies.prove(copy, there);
        return new Rows(compared.tables(), compared.rows(), compared.notComparable());
    }

    /// What a real restore would do before it lets anybody in; and what came back must be unreadable even before.
    private List<DrillResult.Erased> eraseAgain(Restored restored, Moment there) throws InterruptedException {
        if (restored.erasures().isEmpty()) {
            return List.of();
        }
        var copy = restored.landing().folder();
        var found = ErasureReplay.run(programs, copy, restored.erasures());
        var left = ErasureReplay.run(programs, copy, restored.erasures()).stream()
                .mapToLong(ErasureReplay.Replayed::records)
                .sum();
        if (left > 0) {
            throw new IllegalStateException(
                    left + " records of who was erased were still there after that was done again");
        }
        var erased = new ArrayList<DrillResult.Erased>();
        for (var each : found) {
            requireUnreadable(each, restored.backup());
            erased.add(new DrillResult.Erased(
                    each.erasure().id(),
                    each.records(),
                    each.erasure().subject() == null
                            && there.takenAt().isBefore(each.erasure().erasedAt())));
        }
        return erased;
    }

    private void requireUnreadable(ErasureReplay.Replayed found, String backup) {
        var erasure = found.erasure();
        if (erasure.subject() == null && !keyGone.test(erasure.tenant())) {
            throw new IllegalStateException("tenant " + erasure.tenant() + " was erased at " + erasure.erasedAt()
                    + ", but it has a key: " + found.records() + " records of it in backup " + backup + ", sealed by "
                    + found.keyIds() + ", may be readable");
        }
    }

    private static IllegalStateException unreadable(SQLException e) {
        return new IllegalStateException("a database could not be read for comparison: " + e.getMessage(), e);
    }

    /// Also takes down what a drill has left that died with its process.
    private void clear() throws IOException, InterruptedException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var remains = Files.list(folder)) {
            for (var each : remains.toList()) {
                if (Files.exists(each.resolve("postmaster.pid"))) {
                    RestoredServer.stop(programs, each);
                }
            }
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (!visited.equals(folder)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
