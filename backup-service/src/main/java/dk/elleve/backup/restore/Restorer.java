package dk.elleve.backup.restore;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Entry;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.erasure.Erasure;
import dk.elleve.backup.erasure.ErasureJournal;
import dk.elleve.backup.vault.ClusterVault;
import dk.elleve.backup.vault.Content;
import dk.elleve.backup.vault.KeyRing;
import dk.elleve.backup.vault.MasterKey;
import dk.elleve.backup.vault.Signing;
import dk.elleve.backup.vault.Vault;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import dk.elleve.backup.wal.Segments;
import dk.elleve.backup.wal.Timelines;
import dk.elleve.backup.wal.WalInventory;
import dk.elleve.backup.wal.WalRecords;
import dk.elleve.backup.wal.WalShelf;
import dk.elleve.backup.wire.Lsn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Brings a cluster back from a vault. Needs the vault and the master key, and nothing that runs.
public final class Restorer {

    private static final int SEGMENTS_AHEAD = 4;

    private static final int SYNCS_AT_ONCE = 16;

    /// A server that ends its recovery writes WAL of its own, and without room for that it does not start.
    static final int SEGMENTS_OF_ITS_OWN = 4;

    private static final DateTimeFormatter POSTGRES_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

    private final ClusterVault vault;
    private final Backups backups;
    private final ErasureJournal journal;

    public Restorer(ClusterVault vault) {
        this.vault = vault;
        this.backups = new Backups(vault);
        this.journal = new ErasureJournal(vault);
    }

    public static Restorer open(Vault vault, MasterKey master, @Nullable String systemId) {
        return open(vault, KeyRing.of(master), systemId, Signing.NONE);
    }

    /// Opens the one cluster of a vault, or the one that is named. Tells a wrong master key before
    /// anything else.
    ///
    /// @param signing whose signatures count
    public static Restorer open(Vault vault, KeyRing masters, @Nullable String systemId, Signing signing) {
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
        var cluster = new ClusterVault(vault, masters, chosen, signing);
        cluster.unlock();
        return new Restorer(cluster);
    }

    public boolean asksForSignatures() {
        return vault.signing().isAsked();
    }

    /// Who has signed the backup; empty where nobody's signature is asked for.
    public Optional<String> signer(RestorePlan plan) {
        return backups.signer(plan.manifest());
    }

    public String systemId() {
        return vault.systemId();
    }

    /// Decides how to reach a target, from names and manifests alone. Refuses what cannot be reached.
    public RestorePlan plan(RestoreTarget target) {
        vault.unlock();
        var candidates = candidates(target);
        var newest = backups.manifest(candidates.getFirst());
        var shelf = new WalShelf(vault, new Segments(newest.walSegmentSize()));
        var inventory = shelf.inventory();
        var timelines = Timelines.of(shelf, inventory, newest.timeline());
        requireOnLine(target, timelines);
        var manifest = choose(candidates, timelines);
        backups.missing(manifest).ifPresent(name -> {
            throw new VaultException(
                    VaultProblem.MISSING,
                    "object '" + name + "' of backup " + manifest.id() + " is missing from the vault");
        });
        var entries = backups.entries(manifest);
        var base = backups.base(manifest);
        var end = walEnd(inventory, timelines, manifest.startLsn());
        long last = timelines.last(inventory).orElse(0);
        var behind =
                last >= inventory.segments().number(end) + (inventory.segments().offset(end) == 0 ? 0 : 1);
        var gaps = WalShelf.gaps(vault).stream()
                .filter(gap -> manifest.startLsn().isBefore(Lsn.parse(gap.to())))
                .toList();
        var plan = new RestorePlan(target, manifest, base, entries, end, behind, gaps, inventory, timelines);
        requireReachable(plan);
        return plan;
    }

    private static void requireOnLine(RestoreTarget target, Timelines timelines) {
        if (target instanceof RestoreTarget.AtLsn(var lsn, var timeline)
                && timeline != null
                && !timelines.contains(timeline, lsn)) {
            throw new RestoreException(
                    RestoreProblem.OTHER_TIMELINE,
                    "the WAL in the vault does not lead to " + lsn + " on timeline " + timeline);
        }
    }

    /// The newest that the cluster did not leave behind when it went on elsewhere.
    private Manifest choose(List<String> candidates, Timelines timelines) {
        return candidates.stream()
                .map(backups::manifest)
                .filter(manifest -> timelines.contains(manifest.timeline(), manifest.endLsn()))
                .findFirst()
                .orElseThrow(() -> new RestoreException(
                        RestoreProblem.NO_BACKUP,
                        "the newest WAL in the vault does not descend from any backup that was complete by then, as "
                                + candidates.getFirst() + " of timeline "
                                + backups.manifest(candidates.getFirst()).timeline()));
    }

    /// The backups that were complete by then, newest first; at least one.
    private List<String> candidates(RestoreTarget target) {
        var all = backups.ids();
        for (int i = all.size(); i > 0; i--) {
            var manifest = backups.manifest(all.get(i - 1));
            var early = switch (target) {
                case RestoreTarget.Latest latest -> true;
                case RestoreTarget.AtTime at -> !manifest.finishedAt().isAfter(at.time());
                case RestoreTarget.AtLsn at -> !at.lsn().isBefore(manifest.endLsn());
            };
            if (early) {
                return all.subList(0, i).reversed();
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
            var covered = timelines.of(inventory, number).length();
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

    /// The most that a plan may bring back of what was erased; what it really brings back is known once its WAL
    /// is read.
    public List<Erasure> erasures(RestorePlan plan) {
        return journal.since(plan.manifest().startedAt());
    }

    /// Carries out a plan. Everything is fetched and authenticated before the control file is written, which is
    /// the last thing: a folder without it cannot be started.
    public Restored restore(RestorePlan plan, Landing landing, RestoreProgress progress) throws InterruptedException {
        var layout = Layout.of(plan.manifest().tablespaces(), landing);
        var folder = layout.folder();
        try {
            var names = plan.entries().stream().map(Entry::path).collect(Collectors.toSet());
            var ground = Ground.of(layout, names, landing.delta(), vault.systemId());
            requireSpace(ground, plan);
            ground.claim("A restore of " + plan.manifest().id() + " is or was under way here.\n");
            var unpacker = new Unpacker(backups, plan, ground);
            unpacker.prepare(vault.blockHash(hashKey(plan)), progress);
            byte[] control;
            PlacedWal wal;
            var afterPacks = new InItsTurn(progress);
            Callable<PlacedWal> placing = () -> placeWal(plan, folder, afterPacks);
            try (var meanwhile = new Ahead<>(List.of(placing).iterator(), 1)) {
                control = unpacker.fetch(progress);
                requireOwn(control);
                afterPacks.begin();
                wal = meanwhile.next();
            }
            placeHistories(plan, folder);
            var erasures = journal.since(
                    wal.stopsAt().or(wal::newestCommit).orElse(plan.manifest().startedAt()));
            if (!erasures.isEmpty()) {
                Door.shut(folder, null);
            }
            var below =
                    plan.manifest().tablespaces().size() > layout.tablespaces().size() || wal.makesTablespaces();
            writeSettings(plan, landing, folder, wal.stopsAt(), below);
            progress.moved("making it durable", 0, 0);
            for (var own : ground.own()) {
                ServerUser.of(folder).ownAll(own);
                syncAll(own);
            }
            for (var target : layout.tablespaces().values()) {
                Ground.sync(target, StandardOpenOption.READ);
            }
            Files.delete(folder.resolve(Ground.UNFINISHED));
            writeControlFile(folder, control);
            return new Restored(
                    new Landing(folder, landing.port(), landing.delta(), landing.tablespaces()),
                    plan.manifest().id(),
                    wal.end(),
                    wal.newestCommit(),
                    wal.stopsAt(),
                    erasures);
        } catch (IOException e) {
            throw brokenOff(folder, e);
        }
    }

    static UncheckedIOException brokenOff(Path folder, IOException e) {
        return new UncheckedIOException("the restore into " + folder + " broke off: " + e.getMessage(), e);
    }

    /// Says nothing before its turn: two phases at once would draw over each other.
    private static final class InItsTurn implements RestoreProgress {

        private final RestoreProgress shown;
        private boolean begun;

        InItsTurn(RestoreProgress shown) {
            this.shown = shown;
        }

        synchronized void begin() {
            begun = true;
        }

        @Override
        public synchronized void moved(String phase, long done, long total) {
            if (begun) {
                shown.moved(phase, done, total);
            }
        }
    }

    /// Fingerprints of an incremental backup are those of the full one it stands on.
    private static String hashKey(RestorePlan plan) {
        return plan.base().orElse(plan.manifest()).id();
    }

    /// What lies on one file system must have room there together.
    private static void requireSpace(Ground ground, RestorePlan plan) throws IOException {
        var layout = ground.layout();
        var needed = new HashMap<Path, Long>();
        for (var entry : plan.entries()) {
            if (entry instanceof Entry.File file) {
                needed.merge(layout.root(file.path()), file.size(), Long::sum);
            }
        }
        var segments = plan.endSegment() - plan.firstSegment() + SEGMENTS_OF_ITS_OWN;
        needed.merge(layout.folder(), segments * plan.inventory().segments().size(), Long::sum);
        var devices = new LinkedHashMap<Object, List<Path>>();
        for (var root : layout.roots()) {
            var device = Files.getAttribute(Layout.existing(root), "unix:dev");
            devices.computeIfAbsent(device, each -> new ArrayList<>()).add(root);
        }
        for (var roots : devices.values()) {
            var existing = Layout.existing(roots.getFirst());
            var wanted = roots.stream()
                    .mapToLong(root -> needed.getOrDefault(root, 0L))
                    .sum();
            var free = Files.getFileStore(existing).getUsableSpace()
                    + roots.stream()
                            .mapToLong(root -> ground.taken().getOrDefault(root, 0L))
                            .sum();
            if (free < wanted) {
                throw new RestoreException(
                        RestoreProblem.NO_SPACE,
                        "the restore needs " + (wanted >> 20) + " MiB, but at " + existing + " only " + (free >> 20)
                                + " MiB are free");
            }
        }
    }

    private void requireOwn(byte[] control) {
        var systemId = Ground.systemId(control);
        if (!systemId.equals(vault.systemId())) {
            throw new RestoreException(
                    RestoreProblem.FOREIGN_CLUSTER,
                    "the backup says it is of cluster " + vault.systemId() + " but holds cluster " + systemId);
        }
    }

    /// @param makesTablespaces whether it makes any when it is replayed
    private record PlacedWal(
            Lsn end, Optional<Instant> newestCommit, Optional<Instant> stopsAt, boolean makesTablespaces) {}

    private PlacedWal placeWal(RestorePlan plan, Path folder, RestoreProgress progress) throws InterruptedException {
        try {
            return placeWal(plan, progress, Files.createDirectories(folder.resolve("pg_wal")));
        } catch (IOException e) {
            throw brokenOff(folder, e);
        }
    }

    private PlacedWal placeWal(RestorePlan plan, RestoreProgress progress, Path target)
            throws IOException, InterruptedException {
        var segments = plan.inventory().segments();
        var shelf = new WalShelf(vault, segments);
        var first = plan.firstSegment();
        var total = (plan.endSegment() - first) * segments.size();
        var times = new CommitTimes();
        var tablespaces = new MadeTablespaces();
        var records = new WalRecords(record -> {
            times.record(record);
            tablespaces.record(record);
        });
        var newest = Instant.EPOCH;
        var end = segments.start(first);
        var tasks = LongStream.range(first, plan.endSegment())
                .mapToObj(number -> (Callable<WalShelf.Segment>)
                        () -> shelf.read(plan.inventory(), source(plan, number).timeline(), number))
                .iterator();
        try (var ahead = new Ahead<>(tasks, SEGMENTS_AHEAD)) {
            for (var number = first; ahead.hasNext(); number++) {
                var segment = ahead.next();
                var length = segment.length();
                var ofTheLine = source(plan, number).length();
                if (ofTheLine < length) {
                    // Behind it the cluster turned off: that was never its past.
                    length = ofTheLine;
                    Arrays.fill(segment.bytes(), length, segment.bytes().length, (byte) 0);
                } else {
                    newest = later(newest, segment.newest());
                }
                if (plan.target() instanceof RestoreTarget.AtLsn at && segments.number(at.lsn()) == number) {
                    // What the target leaves out is not given to PostgreSQL at all.
                    length = Math.min(length, segments.offset(at.lsn()));
                    Arrays.fill(segment.bytes(), length, segment.bytes().length, (byte) 0);
                }
                records.read(number, segment.bytes(), length);
                for (var patch : tablespaces.take()) {
                    if (patch.place().segment() == number) {
                        segment.bytes()[patch.place().offset()] = patch.value();
                    } else {
                        patch(target.resolve(walName(plan, patch.place().segment())), patch);
                    }
                }
                end = segments.start(number).plus(length);
                write(target.resolve(walName(plan, number)), segment.bytes());
                progress.moved("fetching WAL", (number - first + 1) * segments.size(), total);
                if (plan.target() instanceof RestoreTarget.AtTime at
                        && times.newestEnd()
                                .filter(time -> time.isAfter(at.time()))
                                .isPresent()
                        && !end.isBefore(plan.manifest().endLsn())) {
                    return new PlacedWal(end, times.newestCommit(), Optional.of(at.time()), tablespaces.any());
                }
            }
        }
        if (plan.target() instanceof RestoreTarget.AtTime at) {
            // Whatever else is known: the WAL reaches at least to what ended in it.
            requireWalUntil(plan, at.time(), later(newest, times.newestEnd().orElse(newest)), times.newestCommit());
        }
        return new PlacedWal(end, times.newestCommit(), Optional.empty(), tablespaces.any());
    }

    private static String walName(RestorePlan plan, long number) {
        return plan.inventory().segments().fileName(source(plan, number).timeline(), number);
    }

    private static Timelines.Source source(RestorePlan plan, long number) {
        return plan.timelines().of(plan.inventory(), number);
    }

    private static void patch(Path file, MadeTablespaces.Patch patch) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.wrap(new byte[] {patch.value()}), patch.place().offset());
        }
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

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
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

    /// @param below whether tablespaces lie below the data folder
    private static void writeSettings(
            RestorePlan plan, Landing landing, Path folder, Optional<Instant> stopsAt, boolean below)
            throws IOException {
        var settings = new StringBuilder();
        settings.append("\n").append(heading(plan)).append("\n");
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
        if (below) {
            // They come back as folders of the data folder itself: the source's paths may be in use, or not be there.
            settings.append("allow_in_place_tablespaces = 'on'\n");
        }
        if (Files.exists(folder.resolve(Door.FILE))) {
            settings.append("hba_file = '")
                    .append(quoted(folder.resolve(Door.FILE)))
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

    private static String heading(RestorePlan plan) {
        return "# Written by the restore of " + plan.manifest().id() + " to " + plan.target();
    }

    /// What this very plan has left in a folder, when all that is missing there is that erasures are done again.
    Optional<Restored> shut(RestorePlan plan, Path folder) {
        var settings = folder.resolve("postgresql.auto.conf");
        if (!Door.isShut(folder) || !Files.exists(folder.resolve(Ground.CONTROL_FILE))) {
            return Optional.empty();
        }
        try {
            var lines = Files.readAllLines(settings);
            var port = lines.reversed().stream()
                    .filter(line -> line.startsWith("port = "))
                    .map(line -> Integer.parseInt(line.replaceAll("[^0-9]", "")))
                    .findFirst();
            return lines.contains(heading(plan)) && port.isPresent()
                    ? Optional.of(new Restored(
                            new Landing(folder, port.get()),
                            plan.manifest().id(),
                            plan.walEnd(),
                            Optional.empty(),
                            Optional.empty(),
                            erasures(plan)))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " failed: " + e.getMessage(), e);
        }
    }

    private static String quoted(Path path) {
        return path.toString().replace("'", "''");
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /// Many at once: what is asked for at the same time, a file system makes durable together. With ten thousand
    /// tables that is a tenth of the time.
    private static void syncAll(Path folder) throws IOException, InterruptedException {
        var syncs = new ArrayList<Callable<Boolean>>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    syncs.add(() -> sync(file, StandardOpenOption.WRITE));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) {
                syncs.add(() -> sync(visited, StandardOpenOption.READ));
                return FileVisitResult.CONTINUE;
            }
        });
        try (var workers = new Ahead<>(syncs.iterator(), SYNCS_AT_ONCE)) {
            while (workers.hasNext()) {
                workers.next();
            }
        }
    }

    private static boolean sync(Path path, StandardOpenOption how) {
        try {
            Ground.sync(path, how);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(path + " could not be made durable: " + e.getMessage(), e);
        }
    }

    /// The last write of all. Before it there is a folder full of files; after it there is a cluster.
    private static void writeControlFile(Path folder, byte[] control) throws IOException {
        var target = folder.resolve(Ground.CONTROL_FILE);
        var draft = folder.resolve(Ground.CONTROL_FILE + ".new");
        write(draft, control);
        ServerUser.of(folder).own(draft);
        Ground.sync(draft, StandardOpenOption.WRITE);
        Files.move(draft, target);
        Ground.sync(folder.resolve("global"), StandardOpenOption.READ);
    }

    /// Fetches one pack and tells how many bytes of content come in a second when several are fetched
    /// at once.
    long measure(RestorePlan plan) {
        var begun = System.nanoTime();
        var pack = plan.manifest().packs().stream().findFirst();
        var of = plan.manifest();
        if (pack.isEmpty() && plan.base().isPresent()) {
            of = plan.base().get();
            pack = of.packs().stream().findFirst();
        }
        if (pack.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long content = pack.get().bytes();
        backups.read(of, pack.get(), Content.NONE);
        var nanos = Math.max(1, System.nanoTime() - begun);
        var atOnce = Math.min(Unpacker.PACKS_AHEAD, Runtime.getRuntime().availableProcessors());
        return Math.max(1, content * 1_000_000_000 / nanos * atOnce);
    }

    /// The complete backups of the cluster, oldest first.
    public List<Manifest> backups() {
        return backups.all();
    }
}
