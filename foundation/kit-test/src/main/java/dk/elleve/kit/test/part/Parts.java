package dk.elleve.kit.test.part;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/// Where the programs of the parts come from (Maven's local repository, npm) and the folder they are unpacked into.
/// Two processes may install the same part at once: each unpacks beside and renames, the first one wins.
public final class Parts {

    /// What an installation does to fill a folder.
    interface Installer {
        void into(Path folder) throws IOException;
    }

    private final Path cache;
    private final Properties artifacts = new Properties();

    public Parts(Path cache) {
        this.cache = cache.toAbsolutePath().normalize();
        try (var in = resource("/parts/parts.properties")) {
            artifacts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// In the folder named by the system property `elleve.parts`, else in `.elleve/parts` of the project.
    public static Parts standard() {
        var given = System.getProperty("elleve.parts");
        return new Parts(given != null ? Path.of(given) : ProjectRoot.find().resolve(".elleve/parts"));
    }

    Path postgres() {
        return installed("postgres-" + artifacts.getProperty("postgres.version"), folder -> {
            try (var jar = new ZipFile(artifact("postgres").toFile())) {
                var archive = jar.stream()
                        .filter(entry -> entry.getName().endsWith(".txz"))
                        .findFirst()
                        .orElseThrow();
                try (var in = new XZInputStream(new BufferedInputStream(jar.getInputStream(archive)))) {
                    untar(in, folder, 0);
                }
            }
        });
    }

    Path keycloak(Installer build) {
        return installed("keycloak-" + artifacts.getProperty("keycloak.version"), folder -> {
            try (var in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(artifact("keycloak"))))) {
                untar(in, folder, 1);
            }
            build.into(folder);
        });
    }

    List<Path> kafka() {
        return Stream.of(artifacts.getProperty("kafka").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    /// The folder with Azurite's `node_modules`, as its lock file says.
    Path azurite() {
        return npm("azurite", text("/azurite/package.json"), text("/azurite/package-lock.json"));
    }

    /// A folder with the `node_modules` that a lock file asks for.
    ///
    /// @param name what is installed, for the folder and for messages
    public Path npm(String name, String manifest, String lock) {
        return installed(name + "-" + fingerprint(lock), folder -> {
            Files.writeString(folder.resolve("package.json"), manifest);
            Files.writeString(folder.resolve("package-lock.json"), lock);
            var log = folder.resolve("npm.log");
            try {
                var npm = new ProcessBuilder(
                                "npm",
                                "ci",
                                "--no-audit",
                                "--no-fund",
                                "--omit=dev",
                                "--prefer-offline",
                                "--ignore-scripts")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                if (!npm.waitFor(5, TimeUnit.MINUTES)) {
                    npm.destroyForcibly();
                    throw new PartFailure(
                            "npm did not fetch " + name + " within 5 minutes; is the npm registry reachable?");
                }
                if (npm.exitValue() != 0) {
                    throw new PartFailure("npm could not fetch " + name + ": " + Daemon.lastLines(log, 3));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PartFailure("Interrupted while npm fetched " + name + ".", e);
            }
        });
    }

    private Path artifact(String name) {
        var path = Path.of(artifacts.getProperty(name, ""));
        if (!Files.isRegularFile(path)) {
            throw new PartFailure("The archive of " + name + " is not in Maven's local repository (" + path
                    + "); run ./mvnw -DskipTests install once.");
        }
        return path;
    }

    private Path installed(String name, Installer installer) {
        // The user is part of the name: what root unpacked, an ordinary user may not be able to read or mend.
        var target = cache.resolve(name + "-" + System.getProperty("user.name"));
        if (Files.isDirectory(target)) {
            return target;
        }
        Place.open(cache);
        Path temporary = null;
        try {
            temporary = Files.createTempDirectory(cache, name + ".tmp-");
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            installer.into(temporary);
            try {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (!Files.isDirectory(target)) {
                    throw e;
                }
            }
            return target;
        } catch (IOException e) {
            throw new PartFailure("Could not unpack " + name + " into " + cache + ": " + e.getMessage(), e);
        } finally {
            if (temporary != null) {
                delete(temporary);
            }
        }
    }

    private static void untar(InputStream in, Path folder, int strip) throws IOException {
        try (var tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                var name = Path.of(entry.getName()).normalize();
                if (name.getNameCount() <= strip) {
                    continue;
                }
                var target =
                        folder.resolve(name.subpath(strip, name.getNameCount())).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("the archive leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    var original = Path.of(entry.getLinkName()).normalize();
                    Files.createLink(target, folder.resolve(original.subpath(strip, original.getNameCount())));
                } else {
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, mode(entry.getMode()));
                }
            }
        }
    }

    /// Readable for all, since PostgreSQL may run as another user; executable where the archive says so.
    private static Set<PosixFilePermission> mode(int mode) {
        return PosixFilePermissions.fromString((mode & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
    }

    static void delete(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) throws IOException {
                    Files.delete(each);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream resource(String name) {
        var in = Parts.class.getResourceAsStream(name);
        if (in == null) {
            throw new PartFailure("The file " + name + " is missing from kit-test's jar; build kit-test again.");
        }
        return in;
    }

    static String text(String resource) {
        try (var in = resource(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fingerprint(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
