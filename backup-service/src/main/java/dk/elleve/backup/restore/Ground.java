package dk.elleve.backup.restore;

import java.io.IOException;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The folder a restore comes to, and what lies there already.
///
/// @param reused whether files may be there that are worth comparing
/// @param taken how many bytes lie there, which the restore replaces
record Ground(Path folder, boolean reused, long taken) {

    /// Says that the folder holds an unfinished restore. It goes just before the control file comes.
    static final String UNFINISHED = "elleve-restore.unfinished";

    /// Without it nobody can start what is only half there.
    static final String CONTROL_FILE = "global/pg_control";

    /// Looks, and refuses what must not be touched. Changes nothing.
    ///
    /// @param delta whether an older copy of the cluster may be there
    static Ground of(Path folder, boolean delta, String systemId) throws IOException {
        if (!Files.exists(folder)) {
            return new Ground(folder, false, 0);
        }
        if (Files.exists(folder.resolve("postmaster.pid"))) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY, "a PostgreSQL server runs, or ran, in " + folder);
        }
        var size = new Size();
        Files.walkFileTree(folder, size);
        var unfinished = Files.exists(folder.resolve(UNFINISHED));
        if (!unfinished && size.files > 0) {
            if (!delta) {
                throw new RestoreException(
                        RestoreProblem.FOLDER_NOT_EMPTY,
                        folder + " is not empty; name a new folder"
                                + (Files.exists(folder.resolve("PG_VERSION"))
                                        ? ", or say --delta to keep what is right of the copy that lies there"
                                        : ""));
            }
            requireCopy(folder, systemId);
        }
        if (size.link != null) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY,
                    size.link + " leads out of " + folder + "; a restore writes through no link: name a new folder");
        }
        return new Ground(folder, size.files > 0, size.bytes);
    }

    private static void requireCopy(Path folder, String systemId) throws IOException {
        var control = folder.resolve(CONTROL_FILE);
        if (!Files.exists(folder.resolve("PG_VERSION")) || !Files.exists(control)) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY,
                    folder + " holds files, but no PostgreSQL data folder; name a new folder");
        }
        var there = systemId(Files.readAllBytes(control));
        if (!there.equals(systemId)) {
            throw new RestoreException(
                    RestoreProblem.FOREIGN_CLUSTER,
                    folder + " holds cluster " + there + ", not " + systemId + "; name another folder");
        }
    }

    /// The control file begins with the system identifier, in the byte order of the machine.
    static String systemId(byte[] control) {
        return Long.toUnsignedString(
                ByteBuffer.wrap(control).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    /// From here on the folder cannot be started until the restore is whole.
    void claim(String words) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(folder.resolve(UNFINISHED), words);
        sync(folder.resolve(UNFINISHED), StandardOpenOption.WRITE);
        Files.deleteIfExists(folder.resolve(CONTROL_FILE));
        sync(folder, StandardOpenOption.READ);
    }

    /// Removes what lies there and is not in `paths`, so that nothing of another moment stays.
    void clear(Set<String> paths) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                var name = folder.relativize(file).toString();
                if (!paths.contains(name) && !name.equals(UNFINISHED)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (!visited.equals(folder)
                        && !paths.contains(folder.relativize(visited).toString())
                        && isEmpty(visited)) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var content = Files.list(folder)) {
            return content.findAny().isEmpty();
        }
    }

    static void sync(Path path, StandardOpenOption how) throws IOException {
        try (var channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static final class Size extends SimpleFileVisitor<Path> {
        private long files;
        private long bytes;
        private @Nullable Path link;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files++;
            bytes += attributes.size();
            if (!attributes.isRegularFile()) {
                link = file;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
