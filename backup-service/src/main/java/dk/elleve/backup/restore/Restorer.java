package dk.elleve.backup.restore;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.base.Manifest.Archive;
import dk.elleve.backup.base.Manifest.Pack;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wire.Lsn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Brings a cluster back from a vault. Needs the vault and the master key, and nothing that runs.
public final class Restorer {

    /// Says that the folder holds an unfinished restore. It goes just before the control file comes.
    static final String UNFINISHED = "elleve-restore.unfinished";

    private static final int PACKS_AHEAD = 3;
    private static final int SEGMENTS_AHEAD = 4;
    private static final DateTimeFormatter POSTGRES_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

    private final ClusterVault vault;
    private final Backups backups;

    public Restorer(ClusterVault vault) {
        this.vault = vault;
        this.backups = new Backups(vault);
    }

    public static Restorer open(Vault vault, MasterKey master, @Nullable String systemId) {
        return open(vault, KeyRing.of(master), systemId);
    }

    /// Opens the one cluster of a vault, or the one that is named. Tells a wrong master key before anything
    /// else.
    public static Restorer open(Vault vault, KeyRing masters, @Nullable String systemId) {
        var clusters = ClusterVault.clusters(vault);
        String chosen;
        if (systemId != null) {
            if (!clusters.contains(systemId)) {
                throw new RestoreException(
                        RestoreProblem.FOREIGN_CLUSTER,
                        "the vault holds nothing of cluster " + systemId + "; it holds " + clusters);
            }
            chosen = systemId;
        } else if (clusters.size() == 1) {
            chosen = clusters.getFirst();
        } else if (clusters.isEmpty()) {
            throw new RestoreException(RestoreProblem.NO_BACKUP, "the vault is empty");
        } else {
            throw new RestoreException(
                    RestoreProblem.FOREIGN_CLUSTER, "the vault holds several clusters, name one of " + clusters);
        }
        var cluster = new ClusterVault(vault, masters, chosen);
        cluster.unlock();
        return new Restorer(cluster);
    }

    public String systemId() {
        return vault.systemId();
    }

    /// Decides how to reach a target, from names and manifests alone. Refuses what cannot be reached.
    public RestorePlan plan(RestoreTarget target) {
        vault.unlock();
        var manifest = choose(target);
        backups.missingPack(manifest).ifPresent(name -> {
            throw new VaultException(
                    VaultProblem.MISSING,
                    "object '" + name + "' of backup " + manifest.id() + " is missing from the vault");
        });
        var shelf = new WalShelf(vault, new Segments(manifest.walSegmentSize()));
        var inventory = shelf.inventory();
        var timelines = Timelines.of(shelf, inventory, manifest.timeline());
        if (!timelines.contains(manifest.timeline())) {
            throw new RestoreException(
                    RestoreProblem.NO_BACKUP,
                    "backup " + manifest.id() + " is of timeline " + manifest.timeline()
                            + ", from which the newest WAL in the vault does not descend");
        }
        var end = walEnd(inventory, timelines, manifest.startLsn());
        var last = timelines.stretches().stream()
                .flatMap(stretch -> inventory.numbers(stretch.timeline()).stream())
                .max(Comparator.naturalOrder())
                .orElse(0L);
        var behind =
                last >= inventory.segments().number(end) + (inventory.segments().offset(end) == 0 ? 0 : 1);
        var gaps = WalShelf.gaps(vault).stream()
                .filter(gap -> manifest.startLsn().isBefore(Lsn.parse(gap.to())))
                .toList();
        var plan = new RestorePlan(target, manifest, end, behind, gaps, inventory, timelines);
        requireReachable(plan);
        return plan;
    }

    private Manifest choose(RestoreTarget target) {
        var all = backups.ids();
        for (var id : all.reversed()) {
            var manifest = backups.manifest(id);
            var early = switch (target) {
                case RestoreTarget.Latest latest -> true;
                case RestoreTarget.AtTime at -> !manifest.finishedAt().isAfter(at.time());
                case RestoreTarget.AtLsn at -> !at.lsn().isBefore(manifest.endLsn());
            };
            if (early) {
                return manifest;
            }
        }
        throw new RestoreException(
                RestoreProblem.NO_BACKUP,
                all.isEmpty()
                        ? "the vault holds no complete backup of cluster " + vault.systemId()
                        : "no backup was complete by " + target + "; the oldest, " + all.getFirst()
                                + ", was complete at "
                                + backups.manifest(all.getFirst()).finishedAt() + " (WAL position "
                                + backups.manifest(all.getFirst()).end() + ")");
    }

    private static Lsn walEnd(WalInventory inventory, Timelines timelines, Lsn start) {
        var segments = inventory.segments();
        var number = segments.number(start);
        while (true) {
            var covered = inventory.covered(timelines.of(inventory, number), number);
            if (covered < segments.size()) {
                return segments.start(number).plus(covered);
            }
            number++;
        }
    }

    private static void requireReachable(RestorePlan plan) {
        var end = plan.walEnd();
        if (end.isBefore(plan.manifest().endLsn())) {
            throw gap(
                    plan,
                    "the WAL that makes backup " + plan.manifest().id() + " consistent ends at " + end + " instead of "
                            + plan.manifest().end());
        }
        switch (plan.target()) {
            case RestoreTarget.Latest latest -> {
                if (plan.holeBehind()) {
                    throw gap(plan, "the newest point lies behind a hole in the WAL that begins at " + end);
                }
            }
            case RestoreTarget.AtLsn at -> {
                if (end.isBefore(at.lsn())) {
                    if (plan.holeBehind()) {
                        throw gap(plan, at + " lies behind a hole in the WAL that begins at " + end);
                    }
                    throw new RestoreException(
                            RestoreProblem.NOT_IN_VAULT,
                            "the WAL in the vault ends at " + end + ", before " + at.lsn());
                }
            }
            case RestoreTarget.AtTime at -> {}
        }
    }

    private static RestoreException gap(RestorePlan plan, String what) {
        var known = plan.gaps().isEmpty()
                ? ""
                : " (on record: lost from " + plan.gaps().getFirst().from() + " to "
                        + plan.gaps().getFirst().to() + ", found "
                        + plan.gaps().getFirst().foundAt() + ")";
        return new RestoreException(
                RestoreProblem.WAL_GAP,
                what + known + "; what can be reached from this backup ends there: use --lsn " + plan.walEnd());
    }

    /// Carries out a plan. Everything is fetched and authenticated before the control file is written, which is
    /// the last thing: a folder without it cannot be started.
    public Restored restore(RestorePlan plan, Landing landing, RestoreProgress progress) throws InterruptedException {
        var folder = landing.folder().toAbsolutePath().normalize();
        try {
            requireEmpty(folder);
            requireSpace(folder, plan);
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.writeString(
                    folder.resolve(UNFINISHED),
                    "A restore of " + plan.manifest().id() + " is or was under way here.\n");
            var tar = new TarFolder(folder);
            unpack(plan, tar, progress);
            var control = tar.controlFile();
            if (control == null) {
                throw new VaultException(
                        VaultProblem.DAMAGED, "backup " + plan.manifest().id() + " holds no control file");
            }
            requireOwn(control);
            var wal = placeWal(plan, folder, progress);
            placeHistories(plan, folder);
            writeSettings(plan, landing, folder, wal.stopsAt());
            progress.moved("making it durable", 0, 0);
            ServerUser.of(folder).ownAll(folder);
            syncAll(folder);
            Files.delete(folder.resolve(UNFINISHED));
            writeControlFile(folder, control);
            return new Restored(
                    new Landing(folder, landing.port()),
                    plan.manifest().id(),
                    wal.end(),
                    wal.newestCommit(),
                    wal.stopsAt());
        } catch (IOException e) {
            throw new UncheckedIOException("the restore into " + folder + " broke off: " + e.getMessage(), e);
        }
    }

    private static void requireEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (Files.exists(folder.resolve("postmaster.pid"))) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY, "a PostgreSQL server runs, or ran, in " + folder);
        }
        if (Files.exists(folder.resolve(UNFINISHED))) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY,
                    folder + " holds a restore that was not finished; delete the folder or name another one");
        }
        try (var content = Files.list(folder)) {
            if (content.findAny().isPresent()) {
                throw new RestoreException(
                        RestoreProblem.FOLDER_NOT_EMPTY, folder + " is not empty; name a new folder");
            }
        }
    }

    private static void requireSpace(Path folder, RestorePlan plan) throws IOException {
        var existing = folder;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        var free = Files.getFileStore(existing).getUsableSpace();
        var needed = plan.manifest().bytes()
                + (plan.endSegment() - plan.firstSegment())
                        * plan.inventory().segments().size();
        if (free < needed) {
            throw new RestoreException(
                    RestoreProblem.NO_SPACE,
                    "the restore needs " + (needed >> 20) + " MiB, but at " + existing + " only " + (free >> 20)
                            + " MiB are free");
        }
    }

    private void unpack(RestorePlan plan, TarFolder tar, RestoreProgress progress)
            throws IOException, InterruptedException {
        var total = plan.manifest().bytes();
        var before = 0L;
        for (var archive : plan.manifest().archives()) {
            // A tablespace comes back as a real folder in the place of the link that led to it: no path of the
            // source is needed.
            var below = archive.location() == null
                    ? ""
                    : "pg_tblspc/" + archive.name().replace(".tar", "") + "/";
            var start = before;
            try (var content = new PackStream(
                    archive,
                    done -> progress.moved("fetching " + plan.manifest().id(), start + done, total))) {
                tar.unpack(content, below);
            }
            before += archive.bytes();
        }
    }

    /// The packs of an archive, one after the other, each authenticated before its first byte is given out.
    private final class PackStream extends InputStream {

        private final Ahead<byte[]> packs;
        private final LongConsumer read;
        private ByteArrayInputStream current = new ByteArrayInputStream(new byte[0]);
        private long done;

        PackStream(Archive archive, LongConsumer read) {
            this.read = read;
            this.packs =
                    new Ahead<>(archive.packs().stream().map(this::fetching).iterator(), PACKS_AHEAD);
        }

        private Callable<byte[]> fetching(Pack pack) {
            return () -> backups.read(pack);
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (current.available() == 0) {
                if (!packs.hasNext()) {
                    return -1;
                }
                try {
                    var content = packs.next();
                    done += content.length;
                    read.accept(done);
                    current = new ByteArrayInputStream(content);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("the restore was interrupted", e);
                }
            }
            return current.read(target, offset, length);
        }

        @Override
        public void close() {
            packs.close();
        }
    }

    /// The control file begins with the system identifier, in the byte order of the machine.
    private void requireOwn(byte[] control) {
        var systemId = Long.toUnsignedString(
                ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN).getLong());
        if (!systemId.equals(vault.systemId())) {
            throw new RestoreException(
                    RestoreProblem.FOREIGN_CLUSTER,
                    "the backup says it is of cluster " + vault.systemId() + " but holds cluster " + systemId);
        }
    }

    private record PlacedWal(Lsn end, Optional<Instant> newestCommit, Optional<Instant> stopsAt) {}

    private PlacedWal placeWal(RestorePlan plan, Path folder, RestoreProgress progress)
            throws IOException, InterruptedException {
        var segments = plan.inventory().segments();
        var shelf = new WalShelf(vault, segments);
        var target = Files.createDirectories(folder.resolve("pg_wal"));
        var first = plan.firstSegment();
        var total = (plan.endSegment() - first) * segments.size();
        var times = new CommitTimes();
        var newest = Instant.EPOCH;
        var end = segments.start(first);
        var tasks = LongStream.range(first, plan.endSegment())
                .mapToObj(number -> (Callable<WalShelf.Segment>)
                        () -> shelf.read(plan.inventory(), plan.timelines().of(plan.inventory(), number), number))
                .iterator();
        try (var ahead = new Ahead<>(tasks, SEGMENTS_AHEAD)) {
            for (var number = first; ahead.hasNext(); number++) {
                var segment = ahead.next();
                var length = segment.length();
                if (plan.target() instanceof RestoreTarget.AtLsn at && segments.number(at.lsn()) == number) {
                    // What the target leaves out is not given to PostgreSQL at all.
                    length = Math.min(length, segments.offset(at.lsn()));
                    Arrays.fill(segment.bytes(), length, segment.bytes().length, (byte) 0);
                }
                times.read(segment.bytes(), length);
                newest = segment.newest();
                end = segments.start(number).plus(length);
                var name = segments.fileName(plan.timelines().of(plan.inventory(), number), number);
                write(target.resolve(name), segment.bytes());
                progress.moved("fetching WAL", (number - first + 1) * segments.size(), total);
                if (plan.target() instanceof RestoreTarget.AtTime at
                        && times.newestEnd()
                                .filter(time -> time.isAfter(at.time()))
                                .isPresent()
                        && !end.isBefore(plan.manifest().endLsn())) {
                    return new PlacedWal(end, times.newestCommit(), Optional.of(at.time()));
                }
            }
        }
        if (plan.target() instanceof RestoreTarget.AtTime at) {
            requireWalUntil(plan, at.time(), newest, times.newestCommit());
        }
        return new PlacedWal(end, times.newestCommit(), Optional.empty());
    }

    /// Nothing in the WAL is later than the time asked for. That is well when the vault knows the cluster until
    /// then, and the whole WAL is what it was at that time; else nobody can say.
    private static void requireWalUntil(
            RestorePlan plan, Instant time, Instant newest, Optional<Instant> newestCommit) {
        if (plan.holeBehind()) {
            throw gap(plan, time + " lies behind a hole in the WAL that begins at " + plan.walEnd());
        }
        if (newest.isBefore(time)) {
            throw new RestoreException(
                    RestoreProblem.NOT_IN_VAULT,
                    "the WAL in the vault goes until " + newest + " (newest commit "
                            + newestCommit.map(Instant::toString).orElse("none") + "), which is before " + time
                            + "; use --latest for all there is");
        }
    }

    private void placeHistories(RestorePlan plan, Path folder) throws IOException {
        var shelf = new WalShelf(vault, plan.inventory().segments());
        for (var stretch : plan.timelines().stretches()) {
            var history = shelf.history(stretch.timeline());
            if (history.isPresent()) {
                write(folder.resolve("pg_wal").resolve(WalShelf.historyFile(stretch.timeline())), history.get());
            }
        }
    }

    private static void writeSettings(RestorePlan plan, Landing landing, Path folder, Optional<Instant> stopsAt)
            throws IOException {
        var settings = new StringBuilder();
        settings.append("\n# Written by the restore of ")
                .append(plan.manifest().id())
                .append(" to ")
                .append(plan.target())
                .append("\n");
        // All WAL lies in pg_wal already, where PostgreSQL looks after this command has failed.
        settings.append("restore_command = 'false'\n");
        stopsAt.ifPresent(time -> settings.append("recovery_target_time = '")
                .append(POSTGRES_TIME.format(time))
                .append("'\n"));
        settings.append("""
                recovery_target_action = 'promote'
                recovery_target_timeline = 'latest'
                # Nobody sees the database before it is wholly there; and limits of the primary need not be met.
                hot_standby = 'off'
                listen_addresses = '127.0.0.1'
                port = '%d'
                unix_socket_directories = ''
                # A copy must never act as the original.
                archive_mode = 'off'
                primary_conninfo = ''
                primary_slot_name = ''
                """.formatted(landing.port()));
        if (Files.exists(folder.resolve("pg_hba.conf"))) {
            settings.append("hba_file = '")
                    .append(quoted(folder.resolve("pg_hba.conf")))
                    .append("'\n");
            settings.append("ident_file = '")
                    .append(quoted(folder.resolve("pg_ident.conf")))
                    .append("'\n");
        }
        Files.writeString(
                folder.resolve("postgresql.auto.conf"), settings, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.deleteIfExists(folder.resolve("standby.signal"));
        Files.writeString(folder.resolve("recovery.signal"), "");
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void syncAll(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile()) {
                    sync(file, StandardOpenOption.WRITE);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                sync(visited, StandardOpenOption.READ);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    /// The last write of all. Before it there is a folder full of files; after it there is a cluster.
    private static void writeControlFile(Path folder, byte[] control) throws IOException {
        var target = folder.resolve(TarFolder.CONTROL_FILE);
        var draft = folder.resolve(TarFolder.CONTROL_FILE + ".new");
        write(draft, control);
        ServerUser.of(folder).own(draft);
        sync(draft, StandardOpenOption.WRITE);
        Files.move(draft, target);
        sync(folder.resolve("global"), StandardOpenOption.READ);
    }

    /// The complete backups of the cluster, oldest first.
    public List<Manifest> backups() {
        return backups.all();
    }
}
