package dk.elleve.backup.restore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The folders a restore comes to, and what lies there already.
///
/// @param names what is to lie there
/// @param reused whether files may be there that are worth comparing
/// @param taken how many bytes lie in each of them, which the restore replaces
record Ground(Layout layout, Set<String> names, boolean reused, Map<Path, Long> taken) {

    /// Says that the folder holds an unfinished restore. It goes just before the control file comes.
    static final String UNFINISHED = "elleve-restore.unfinished";

    /// Without it nobody can start what is only half there.
    static final String CONTROL_FILE = "global/pg_control";

    Ground {
        names = Set.copyOf(names);
        taken = Map.copyOf(taken);
    }

    /// Looks, and refuses what must not be touched. Changes nothing.
    ///
    /// @param delta whether an older copy of the cluster may be there
    static Ground of(Layout layout, Set<String> names, boolean delta, String systemId) throws IOException {
        var folder = layout.folder();
        var taken = new HashMap<Path, Long>();
        for (var each : layout.tablespaces().entrySet()) {
            taken.put(each.getValue(), tablespace(layout, names, each.getKey(), each.getValue()));
        }
        if (!Files.exists(folder)) {
            taken.put(folder, 0L);
            return new Ground(layout, names, false, taken);
        }
        if (Files.exists(folder.resolve("postmaster.pid"))) {
            throw new RestoreException(
                    RestoreProblem.FOLDER_NOT_EMPTY, "a PostgreSQL server runs, or ran, in " + folder);
        }
        // Links of tablespaces that are given a folder are ours to replace, wherever they lead.
        var size = new Size(
                layout.tablespaces().keySet().stream().map(layout::link).collect(Collectors.toSet()));
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
            throw leadsOut(size.link, folder);
        }
        taken.put(folder, size.bytes);
        return new Ground(layout, names, size.files > 0, taken);
    }

    /// The folder of a tablespace must be empty, unless the data folder leads there already: then it is that of the
    /// older copy, or of the restore that was broken off.
    private static long tablespace(Layout layout, Set<String> names, String oid, Path target) throws IOException {
        if (!Files.exists(target)) {
            return 0;
        }
        if (!Files.isDirectory(target)) {
            throw new RestoreException(RestoreProblem.FOLDER_NOT_EMPTY, target + " is no folder");
        }
        if (!leadsTo(layout.link(oid), target)) {
            if (!isEmpty(target)) {
                throw new RestoreException(
                        RestoreProblem.FOLDER_NOT_EMPTY,
                        target + ", where tablespace " + oid + " is to go, is not empty; name a new folder");
            }
            return 0;
        }
        var size = new Size(Set.of());
        for (var ours : below(layout, names, target)) {
            Files.walkFileTree(ours, size);
        }
        if (size.link != null) {
            throw leadsOut(size.link, target);
        }
        return size.bytes;
    }

    /// The folders that this version of PostgreSQL keeps in that of a tablespace, which other versions may share.
    private static List<Path> below(Layout layout, Set<String> names, Path target) {
        return names.stream()
                .map(layout::path)
                .filter(path -> target.equals(path.getParent()) && Files.isDirectory(path))
                .toList();
    }

    /// The folders that are the restore's own, with all that lies in them.
    List<Path> own() {
        return Stream.concat(
                        Stream.of(layout.folder()),
                        layout.tablespaces().values().stream().flatMap(target -> below(layout, names, target).stream()))
                .toList();
    }

    private static boolean leadsTo(Path link, Path target) throws IOException {
        return Files.isSymbolicLink(link) && Files.exists(link) && Files.isSameFile(link, target);
    }

    private static RestoreException leadsOut(Path link, Path folder) {
        return new RestoreException(
                RestoreProblem.FOLDER_NOT_EMPTY,
                link + " leads out of " + folder + "; a restore writes through no link: name a new folder"
                        + (link.equals(folder.resolve(Layout.LINKS).resolve(String.valueOf(link.getFileName())))
                                ? ", or say where that tablespace goes: --tablespace " + link.getFileName() + "=DIR"
                                : ""));
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

    /// From here on the folder cannot be started until the restore is whole; and it leads to the folders of its
    /// tablespaces, which says from now on that they are its own.
    void claim(String words) throws IOException {
        var folder = layout.folder();
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(folder.resolve(UNFINISHED), words);
        sync(folder.resolve(UNFINISHED), StandardOpenOption.WRITE);
        Files.deleteIfExists(folder.resolve(CONTROL_FILE));
        sync(folder, StandardOpenOption.READ);
        for (var each : layout.tablespaces().entrySet()) {
            claim(layout.link(each.getKey()), each.getValue());
        }
    }

    private static void claim(Path link, Path target) throws IOException {
        var above = Objects.requireNonNull(target.getParent());
        Files.createDirectories(target);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
        sync(above, StandardOpenOption.READ);
        if (leadsTo(link, target)) {
            return;
        }
        var links = Objects.requireNonNull(link.getParent());
        Files.createDirectories(
                links, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (Files.isDirectory(link, LinkOption.NOFOLLOW_LINKS)) {
            // In the older copy the tablespace lay below the data folder.
            clear(link, file -> false);
        }
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
        sync(links, StandardOpenOption.READ);
    }

    /// Removes what lies there and is not to, so that nothing of another moment stays.
    void clear() throws IOException {
        var kept = names.stream().map(layout::path).collect(Collectors.toSet());
        kept.add(layout.folder().resolve(UNFINISHED));
        layout.tablespaces().keySet().forEach(oid -> kept.add(layout.link(oid)));
        for (var folder : own()) {
            clear(folder, kept::contains);
        }
    }

    private static void clear(Path folder, Predicate<Path> kept) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!kept.test(file)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                if (!visited.equals(folder) && !kept.test(visited) && isEmpty(visited)) {
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
        private final Set<Path> known;
        private @Nullable Path link;

        /// @param known links that may be there
        Size(Set<Path> known) {
            this.known = known;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            files++;
            bytes += attributes.size();
            if (!attributes.isRegularFile() && !known.contains(file)) {
                link = file;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
