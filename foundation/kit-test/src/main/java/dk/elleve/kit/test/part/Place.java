package dk.elleve.kit.test.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// The folder in which one installation keeps everything: data, logs, process ids, secrets.
public record Place(Path root) {

    public Place {
        root = root.toAbsolutePath().normalize();
    }

    public Path data(String part) {
        return root.resolve("data").resolve(part);
    }

    public Path log(String part) {
        return root.resolve("logs").resolve(part + ".log");
    }

    public Path run(String part) {
        return root.resolve("run").resolve(part + ".pid");
    }

    public Path secrets() {
        return root.resolve("secrets");
    }

    public Path settings() {
        return root.resolve("settings");
    }

    static Path folderOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "a file lies in a folder");
    }

    /// A folder others may pass through: PostgreSQL runs as another user when we are root.
    static Path open(Path folder) {
        return made(folder, "rwxr-xr-x");
    }

    /// A folder for this user alone.
    public static Path closed(Path folder) {
        return made(folder, "rwx------");
    }

    private static Path made(Path folder, String mode) {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes a file that only this user can read, whole or not at all.
    public static void writePrivate(Path file, String text) {
        try {
            Files.move(besides(file, text), file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same for a file that nobody may have written yet: of several who come at once one writes it.
    static void writePrivateOnce(Path file, String text) {
        try {
            var written = besides(file, text);
            try {
                Files.createLink(file, written);
            } catch (FileAlreadyExistsException somebodyElse) {
                // Theirs stays.
            } finally {
                Files.delete(written);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Whole, private, and not yet under its name.
    private static Path besides(Path file, String text) throws IOException {
        closed(folderOf(file));
        var temporary = Files.createTempFile(
                folderOf(file),
                file.getFileName().toString(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(temporary, text);
    }
}
