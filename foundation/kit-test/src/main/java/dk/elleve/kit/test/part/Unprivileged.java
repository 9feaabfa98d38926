package dk.elleve.kit.test.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The user PostgreSQL runs as. PostgreSQL refuses root; when we are root it runs as a user that exists anyway.
final class Unprivileged {

    private static final List<String> CANDIDATES = List.of("postgres", "nobody", "daemon");
    /// Bits of the kernel's capability sets.
    private static final int DAC_OVERRIDE = 1;

    private static final int DAC_READ_SEARCH = 2;

    private final List<String> prefix;
    private final String user;

    private Unprivileged(String user, List<String> prefix) {
        this.user = user;
        this.prefix = List.copyOf(prefix);
    }

    /// For work in these folders; the first is owned by the user chosen before, where there was one.
    static Unprivileged user(Path data, Path... alsoReached) {
        var me = System.getProperty("user.name");
        if (!me.equals("root")) {
            return new Unprivileged(me, List.of());
        }
        var user = ownerOf(data);
        if (user == null || user.equals("root")) {
            user = CANDIDATES.stream()
                    .filter(Unprivileged::exists)
                    .findFirst()
                    .orElseThrow(() -> new PartFailure("PostgreSQL must not run as root and none of the users "
                            + CANDIDATES + " exists; create one, or run this as an ordinary user."));
        }
        var prefix =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + groupOf(user), "--clear-groups"));
        var folders = new ArrayList<>(List.of(alsoReached));
        folders.add(data);
        if (!folders.stream().allMatch(Unprivileged::openToOthers)) {
            // A folder like /root is closed to everybody else. The database process gets the one right to pass
            // through, instead of the folder being opened or the data being put where nobody looks for it.
            var capability = has(DAC_READ_SEARCH) ? "dac_read_search" : "dac_override";
            if (!has(DAC_READ_SEARCH) && !has(DAC_OVERRIDE)) {
                throw new PartFailure("The user " + user + " cannot reach " + data
                        + "; put the installation into a folder that others may enter, with --dir.");
            }
            prefix.add("--inh-caps=+" + capability);
            prefix.add("--ambient-caps=+" + capability);
        }
        return new Unprivileged(user, prefix);
    }

    List<String> command(List<String> command) {
        var all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    void own(Path path) {
        if (prefix.isEmpty()) {
            return;
        }
        try {
            var principal = path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            Files.setOwner(path, principal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String ownerOf(Path path) {
        try {
            return Files.exists(path) ? Files.getOwner(path).getName() : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean exists(String user) {
        try {
            Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String groupOf(String user) {
        try (var lines = Files.lines(Path.of("/etc/passwd"))) {
            return lines.map(line -> line.split(":"))
                    .filter(fields -> fields[0].equals(user))
                    .map(fields -> fields[3])
                    .findFirst()
                    .orElse(user);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean openToOthers(Path path) {
        try {
            for (var folder = path.toAbsolutePath().getParent(); folder != null; folder = folder.getParent()) {
                if (Files.isDirectory(folder)
                        && !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean has(int capability) {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("CapBnd:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(set -> (set & 1L << capability) != 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
