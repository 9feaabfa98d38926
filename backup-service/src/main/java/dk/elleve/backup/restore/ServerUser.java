package dk.elleve.backup.restore;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom a restored server runs as. PostgreSQL refuses root; when we are root, the folder is given to a user
/// that exists.
final class ServerUser {

    private static final List<String> CANDIDATES = List.of("postgres", "nobody", "daemon");

    private final @Nullable String name;
    private final Path folder;

    private ServerUser(@Nullable String name, Path folder) {
        this.name = name;
        this.folder = folder;
    }

    static ServerUser of(Path folder) {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new ServerUser(null, folder);
        }
        return new ServerUser(
                CANDIDATES.stream()
                        .filter(candidate -> principal(folder, candidate) != null)
                        .findFirst()
                        .orElseThrow(() -> new RestoreException(
                                RestoreProblem.SERVER,
                                "PostgreSQL must not run as root and none of the users " + CANDIDATES
                                        + " exists; run the restore as an ordinary user")),
                folder);
    }

    private static @Nullable UserPrincipal principal(Path folder, String name) {
        try {
            return folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
        } catch (IOException e) {
            return null;
        }
    }

    List<String> command(List<String> command) {
        if (name == null) {
            return command;
        }
        var whole = new ArrayList<>(List.of("setpriv", "--reuid=" + name, "--clear-groups"));
        if (!isOpenToOthers()) {
            // A folder below /root, say. The server gets the one right to pass through, instead of the folder
            // being opened.
            whole.add("--inh-caps=+dac_read_search");
            whole.add("--ambient-caps=+dac_read_search");
        }
        whole.addAll(command);
        return whole;
    }

    private boolean isOpenToOthers() {
        var links = folder.resolve(Layout.LINKS);
        try {
            if (!isOpenToOthers(folder.toAbsolutePath())) {
                return false;
            }
            if (!Files.isDirectory(links)) {
                return true;
            }
            try (var tablespaces = Files.list(links)) {
                for (var link : tablespaces.filter(Files::isSymbolicLink).toList()) {
                    if (!isOpenToOthers(link.toRealPath())) {
                        return false;
                    }
                }
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isOpenToOthers(Path path) throws IOException {
        for (var above = path.getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    void own(Path path) throws IOException {
        if (name != null) {
            var principal = principal(path, name);
            if (principal != null) {
                Files.setOwner(path, principal);
            }
        }
    }

    void ownAll(Path folder) throws IOException {
        if (name == null) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                own(visited);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                own(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
