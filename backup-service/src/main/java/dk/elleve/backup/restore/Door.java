package dk.elleve.backup.restore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Who may sign in to a restored cluster. Shut until what was erased since is erased in it, too: `pg_hba.conf` lets
/// nobody in, and the cluster's own lies beside it, in force again with one rename.
public final class Door {

    static final String FILE = "pg_hba.conf";
    static final String KEPT = "pg_hba.conf.shut";

    private Door() {}

    /// @param but a role that may sign in all the same, from this machine and with its password
    public static void shut(Path folder, @Nullable String but) throws IOException {
        var file = folder.resolve(FILE);
        var kept = folder.resolve(KEPT);
        if (!Files.exists(kept)) {
            if (Files.exists(file)) {
                Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.createFile(kept);
            }
        }
        // md5 lets a password that is kept as SCRAM be checked by SCRAM.
        Files.writeString(file, """
                # Restored, but what was erased since is not erased here yet: nobody may sign in.
                # The restore program does that and then puts %s back.
                %slocal all all reject
                host all all all reject
                """.formatted(KEPT, but == null ? "" : "host all \"" + but + "\" 127.0.0.1/32 md5\n"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        ServerUser.of(folder).own(file);
        ServerUser.of(folder).own(kept);
        Ground.sync(file, StandardOpenOption.WRITE);
        Ground.sync(folder, StandardOpenOption.READ);
    }

    public static boolean isShut(Path folder) {
        return Files.exists(folder.resolve(KEPT));
    }

    /// One rename: a crash leaves it shut or open. An open one stays as it is.
    public static void open(Path folder) throws IOException {
        if (isShut(folder)) {
            Files.move(folder.resolve(KEPT), folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            Ground.sync(folder, StandardOpenOption.READ);
        }
    }
}
