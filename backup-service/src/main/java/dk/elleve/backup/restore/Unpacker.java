package dk.elleve.backup.restore;

import dk.elleve.backup.base.Backups;
import dk.elleve.backup.base.Blocks;
import dk.elleve.backup.base.Entry;
import dk.elleve.backup.base.Extent;
import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.vault.BlockHash;
import dk.elleve.backup.vault.Content;
import dk.elleve.backup.vault.Stretch;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Puts the files of a backup back. Each pack is fetched once, as a whole or, where little of it is
/// wanted, the chunks that hold that; chunk by chunk it is authenticated, and its pieces are
/// written to wherever they belong; several packs at once. The control file is held back.
final class Unpacker {

    /// One that waits for blob storage, for the disk or for another that writes into its file should
    /// not keep the processors waiting.
    static final int PACKS_AHEAD = 8;

    /// Bytes of packs in memory at once, as they are stored: two that could not be compressed.
    private static final int STORED_AHEAD = 68 << 20;

    /// Bytes written by one call.
    private static final int STROKE = 1 << 18;

    /// As soon as so many bytes of a file are written they are made durable: the disk works while more
    /// is fetched. What is left is synced at the end, many files at once.
    private static final long WORTH_SYNCING = 64 << 20;

    /// A file that is written to, or made by who writes first. Packs that are next to each other
    /// are of the same large file, and a file system lets only one write into it at a time: who waits
    /// for that there, spins, and both become slower by half.
    private record Target(Path path, boolean executable, Lock turn, AtomicLong unsynced) {

        static Target of(Path path, Entry.File file) {
            return new Target(path, (file.mode() & 0100) != 0, new ReentrantLock(), new AtomicLong());
        }

        FileChannel open() throws IOException {
            return FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                    rights(executable ? "rwx------" : "rw-------"));
        }
    }

    /// A stretch of a file that comes from a pack.
    private record Piece(Target file, long at, int offset, int length) {

        boolean isBefore(Piece other) {
            return offset + length == other.offset && at + length == other.at && file == other.file;
        }

        Piece plus(int bytes) {
            return new Piece(file, at, offset, length + bytes);
        }
    }

    private record PackId(boolean ofBase, int number) {}

    private final Backups backups;
    private final RestorePlan plan;
    private final boolean reuse;
    private final Ground ground;
    private final Layout layout;
    private final Path controlFile;
    private final TreeMap<PackId, List<Piece>> pieces =
            new TreeMap<>(Comparator.comparing(PackId::ofBase).reversed().thenComparing(PackId::number));

    private final Semaphore room = new Semaphore(STORED_AHEAD, true);
    private byte @Nullable [] control;

    Unpacker(Backups backups, RestorePlan plan, Ground ground) {
        this.backups = backups;
        this.plan = plan;
        this.ground = ground;
        this.layout = ground.layout();
        this.controlFile = layout.path(Ground.CONTROL_FILE);
        this.reuse = ground.reused();
    }

    /// Makes folders and empty files, and finds out what has to come from which pack.
    void prepare(BlockHash hash, RestoreProgress progress) throws IOException {
        if (reuse) {
            ground.clear();
        }
        var inBase =
                reuse ? Entry.files(plan.base().map(backups::entries).orElse(List.of())) : Map.<String, Entry.File>of();
        var total = plan.manifest().bytes();
        var done = 0L;
        for (var entry : plan.entries()) {
            var path = layout.path(entry.path());
            switch (entry) {
                case Entry.Folder made -> createFolders(path);
                case Entry.File file -> {
                    var target = Target.of(path, file);
                    if (file.path().equals(Ground.CONTROL_FILE)) {
                        control = new byte[Math.toIntExact(file.size())];
                    } else if (reuse && Files.isRegularFile(path)) {
                        compare(file, inBase.get(file.path()), target, hash);
                        progress.moved("comparing what is there", done += file.size(), total);
                        continue;
                    } else {
                        createFolders(path.getParent());
                        if (file.size() == 0) {
                            target.open().close();
                        }
                    }
                    var at = 0L;
                    for (var extent : file.extents()) {
                        want(target, at, extent);
                        at += extent.length();
                    }
                    done += file.size();
                }
            }
        }
    }

    private void want(Target target, long at, Extent extent) {
        var list = pieces.computeIfAbsent(new PackId(extent.ofBase(), extent.pack()), id -> new ArrayList<>());
        var piece = new Piece(target, at, extent.offset(), extent.length());
        if (!list.isEmpty() && list.getLast().isBefore(piece)) {
            list.set(list.size() - 1, list.getLast().plus(piece.length()));
        } else {
            list.add(piece);
        }
    }

    /// Keeps the blocks of a file that are what they should be.
    private void compare(Entry.File file, Entry.@Nullable File inBase, Target target, BlockHash hash)
            throws IOException {
        try (var channel = FileChannel.open(target.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > file.size()) {
                channel.truncate(file.size());
            }
            var blocks = new Blocks(file, inBase);
            var buffer = new byte[BlockHash.BLOCK];
            var fingerprint = new byte[BlockHash.SIZE];
            var at = 0L;
            for (var place = blocks.place(); place != null; place = blocks.place()) {
                var read = ByteBuffer.wrap(buffer, 0, place.length());
                while (read.hasRemaining() && channel.read(read, at + read.position()) >= 0) {}
                hash.of(at / BlockHash.BLOCK, buffer, 0, place.length(), fingerprint, 0);
                if (read.hasRemaining() || !blocks.is(fingerprint)) {
                    want(target, at, place);
                }
                at += place.length();
                blocks.next();
            }
        }
    }

    /// @return the content of the control file
    byte[] fetch(RestoreProgress progress) throws InterruptedException {
        var manifests = new HashMap<Boolean, Manifest>();
        manifests.put(false, plan.manifest());
        plan.base().ifPresent(base -> manifests.put(true, base));
        var total = pieces.values().stream()
                .flatMap(List::stream)
                .mapToLong(Piece::length)
                .sum();
        var tasks = pieces.entrySet().stream()
                .map(each -> (Callable<Long>) () -> place(
                        manifests.get(each.getKey().ofBase()), each.getKey().number(), each.getValue()))
                .iterator();
        var done = 0L;
        try (var ahead = new Ahead<>(tasks, PACKS_AHEAD)) {
            while (ahead.hasNext()) {
                done += ahead.next();
                progress.moved("fetching " + plan.manifest().id(), done, total);
            }
        }
        if (control == null) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "backup " + plan.manifest().id() + " holds no control file");
        }
        return control;
    }

    private long place(@Nullable Manifest manifest, int number, List<Piece> wanted) throws InterruptedException {
        if (manifest == null) {
            throw new VaultException(VaultProblem.DAMAGED, "an index names a base that its manifest does not");
        }
        var pack = manifest.packs().stream()
                .filter(each -> each.number() == number)
                .findFirst()
                .orElseThrow(() -> new VaultException(
                        VaultProblem.DAMAGED,
                        "the index of backup " + plan.manifest().id() + " names pack " + number + " of " + manifest.id()
                                + ", which its manifest does not"));
        int stored = (int) Math.min(pack.storedBytes(), STORED_AHEAD);
        room.acquire(stored);
        try (var writer = new Writer(wanted)) {
            backups.read(manifest, pack, chunks(wanted), writer);
            var bytes = wanted.stream().mapToLong(Piece::length).sum();
            if (writer.written != bytes) {
                throw new VaultException(
                        VaultProblem.DAMAGED,
                        "an index names bytes behind the end of pack " + number + " of " + manifest.id());
            }
            return bytes;
        } catch (IOException e) {
            throw Restorer.brokenOff(layout.folder(), e);
        } finally {
            room.release(stored);
        }
    }

    /// Writes what is wanted of a pack to where it belongs, as it comes.
    private final class Writer implements Content, AutoCloseable {

        private final List<Piece> wanted;
        private @Nullable FileChannel channel;
        private @Nullable Target open;
        private long written;

        Writer(List<Piece> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void take(int at, byte[] bytes, int length) {
            try {
                for (var piece : wanted) {
                    var from = Math.max(at, piece.offset());
                    var to = Math.min(at + length, piece.offset() + piece.length());
                    if (from < to) {
                        put(piece.file(), piece.at() + from - piece.offset(), bytes, from - at, to - from);
                    }
                }
            } catch (IOException e) {
                throw Restorer.brokenOff(layout.folder(), e);
            }
        }

        private void put(Target file, long at, byte[] bytes, int offset, int length) throws IOException {
            written += length;
            if (file.path().equals(controlFile)) {
                takeControl(bytes, offset, (int) at, length);
                return;
            }
            var known = channel;
            if (known == null || file != open) {
                close();
                known = file.open();
                channel = known;
                open = file;
            }
            file.turn().lock();
            try {
                write(known, bytes, offset, at, length);
            } finally {
                file.turn().unlock();
            }
            if (file.unsynced().addAndGet(length) >= WORTH_SYNCING) {
                file.unsynced().set(0);
                known.force(false);
            }
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
        }
    }

    private static BitSet chunks(List<Piece> wanted) {
        var chunks = new BitSet();
        for (var piece : wanted) {
            chunks.set(piece.offset() / Stretch.CHUNK, (piece.offset() + piece.length() - 1) / Stretch.CHUNK + 1);
        }
        return chunks;
    }

    /// In strokes: Java copies what it writes into memory outside its heap, as much as one call is given, and keeps
    /// that for the next.
    private static void write(FileChannel channel, byte[] bytes, int offset, long at, int length) throws IOException {
        for (var written = 0; written < length; ) {
            var stroke = Math.min(STROKE, length - written);
            written += channel.write(ByteBuffer.wrap(bytes, offset + written, stroke), at + written);
        }
    }

    private synchronized void takeControl(byte[] bytes, int offset, int at, int length) {
        if (control != null) {
            System.arraycopy(bytes, offset, control, at, length);
        }
    }

    private static void createFolders(@Nullable Path path) throws IOException {
        if (path != null) {
            Files.createDirectories(path, rights("rwx------"));
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> rights(String rights) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
    }
}
