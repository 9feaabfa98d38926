package dk.elleve.backup.restore;

import dk.elleve.backup.base.Manifest.Tablespace;
import dk.elleve.backup.vault.VaultException;
import dk.elleve.backup.vault.VaultProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where the files of a cluster come to lie: in its data folder, but for those of tablespaces that are given a folder
/// of their own.
///
/// @param folder the data folder
/// @param tablespaces the folders of tablespaces, by OID
record Layout(Path folder, Map<String, Path> tablespaces) {

    static final String LINKS = "pg_tblspc";

    private static final Pattern OF_TABLESPACE = Pattern.compile(LINKS + "/(\\d+)(?:/(.*))?");

    Layout {
        tablespaces = Collections.unmodifiableMap(new LinkedHashMap<>(tablespaces));
    }

    /// @param there the tablespaces of the backup
    /// @throws RestoreException with [RestoreProblem#TABLESPACE] when what is asked for cannot be
    static Layout of(List<Tablespace> there, Landing landing) {
        var folder = landing.folder().toAbsolutePath().normalize();
        var chosen = new LinkedHashMap<String, Path>();
        landing.tablespaces().forEach((name, to) -> {
            var tablespace = find(there, name);
            if (!to.isAbsolute()) {
                throw refused("the folder '" + to + "' of tablespace " + name + " must be an absolute path");
            }
            var target = real(to.normalize());
            requireApart(target, real(folder), "the data folder " + folder);
            chosen.forEach((oid, taken) -> requireApart(target, taken, taken + ", where tablespace " + oid + " goes"));
            if (chosen.put(tablespace.oid(), target) != null) {
                throw refused("tablespace " + tablespace.oid() + " is given two folders");
            }
        });
        return new Layout(folder, chosen);
    }

    private static Tablespace find(List<Tablespace> there, String name) {
        return there.stream()
                .filter(each -> each.oid().equals(name) || samePath(each.location(), name))
                .findFirst()
                .orElseThrow(() -> refused("the backup holds no tablespace '" + name + "'; it holds "
                        + (there.isEmpty()
                                ? "none"
                                : there.stream()
                                        .map(each -> each.oid() + " (" + each.location() + ")")
                                        .collect(Collectors.joining(", ")))));
    }

    private static boolean samePath(String one, String other) {
        return Path.of(one).normalize().equals(Path.of(other).normalize());
    }

    private static void requireApart(Path one, Path other, String words) {
        if (one.startsWith(other) || other.startsWith(one)) {
            throw refused("the folder " + one + " of a tablespace must lie apart from " + words);
        }
    }

    private static RestoreException refused(String words) {
        return new RestoreException(RestoreProblem.TABLESPACE, words);
    }

    /// Without links, as far as it exists: two names of one folder are one folder.
    private static Path real(Path path) {
        var existing = existing(path);
        try {
            return existing.toRealPath().resolve(existing.relativize(path)).normalize();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + existing + " failed: " + e.getMessage(), e);
        }
    }

    /// The path itself, or the nearest folder above it that exists.
    static Path existing(Path path) {
        var existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    /// The data folder and those of tablespaces.
    List<Path> roots() {
        return Stream.concat(Stream.of(folder), tablespaces.values().stream()).toList();
    }

    /// Which of the roots an entry of the backup lies below.
    Path root(String name) {
        var matcher = OF_TABLESPACE.matcher(name);
        return matcher.matches() ? tablespaces.getOrDefault(matcher.group(1), folder) : folder;
    }

    /// The place of an entry of the backup.
    Path path(String name) {
        var root = root(name);
        var matcher = OF_TABLESPACE.matcher(name);
        var below = root.equals(folder) || !matcher.matches() ? name : matcher.group(2) == null ? "" : matcher.group(2);
        var path = root.resolve(below).normalize();
        if (name.startsWith("/") || below.startsWith("/") || !path.startsWith(root)) {
            throw new VaultException(
                    VaultProblem.DAMAGED, "the backup holds '" + name + "', which leads out of the folder");
        }
        return path;
    }

    /// Where PostgreSQL looks for a tablespace.
    Path link(String oid) {
        return folder.resolve(LINKS).resolve(oid);
    }
}
