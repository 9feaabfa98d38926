package dk.elleve.kit.test;

import static dk.elleve.kit.test.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/// Folders for servers that a test starts itself: below `target/scratch`, and unlike those of
/// `@TempDir` open for other users to pass through, since PostgreSQL runs as another one when we are
/// root. They go with the test class, so that a module's tests need the disk for one class at a time;
/// where something failed they stay for reading, until the next run. Found by JUnit itself.
public final class Scratch implements AfterAllCallback, TestWatcher {

    private static final Folders FOLDERS = new Folders(Path.of("target/scratch"));

    /// A new, empty folder.
    public static Path folder(String prefix) {
        return FOLDERS.make(prefix);
    }

    /// Whether something failed in this run, so that somebody may want to read what lies about.
    static boolean failedEver() {
        return FOLDERS.failedEver();
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        FOLDERS.failed();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            FOLDERS.failed();
        }
        FOLDERS.endOfClass();
    }

    /// With all that is in it. A server that was killed may still write for a moment.
    static void delete(Path folder) {
        eventually(folder + " is gone", () -> {
            if (Files.exists(folder)) {
                Files.walkFileTree(folder, new Deletion());
            }
        });
    }

    static final class Folders {

        private final Path root;
        private final List<Path> made = new ArrayList<>();
        private boolean failedInClass;
        private boolean failedEver;

        Folders(Path root) {
            this.root = root.toAbsolutePath();
            delete(this.root);
        }

        synchronized Path make(String prefix) {
            try {
                var folder = Files.createTempDirectory(Files.createDirectories(root), prefix + "-");
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                made.add(folder);
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        synchronized void failed() {
            failedInClass = true;
            failedEver = true;
        }

        synchronized boolean failedEver() {
            return failedEver;
        }

        synchronized void endOfClass() {
            if (!failedInClass) {
                made.forEach(Scratch::delete);
            }
            made.clear();
            failedInClass = false;
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException problem) throws IOException {
            if (problem instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw problem;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException problem) throws IOException {
            if (problem != null) {
                throw problem;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
