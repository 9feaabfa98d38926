package dk.elleve.backup.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/// A PostgreSQL server started on a restored folder.
public final class RestoredServer implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Path programs;
    private final Landing landing;
    private final ServerUser user;
    private boolean ended;

    private RestoredServer(Path programs, Landing landing) {
        this.programs = programs;
        this.landing = landing;
        this.user = ServerUser.of(landing.folder());
    }

    /// Starts the server and waits until it has replayed its WAL and opened.
    ///
    /// @param programs PostgreSQL's `bin` folder
    public static RestoredServer start(Path programs, Landing landing, Duration patience) throws InterruptedException {
        var server = new RestoredServer(programs, landing);
        try {
            // The source may itself have come from a restore: what its server said is not what this one says.
            Files.deleteIfExists(server.log());
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + landing.folder() + " failed: " + e.getMessage(), e);
        }
        server.run("-l", server.log().toString(), "-W", "start");
        server.awaitOpen(patience);
        return server;
    }

    /// Lets a restored folder recover and stops it cleanly, so that [SingleUser] can be used on it. Goes on where an
    /// earlier call was broken off.
    static void recover(Path programs, Landing landing, Duration patience) throws InterruptedException {
        if (Files.exists(landing.folder().resolve("postmaster.pid"))) {
            stop(programs, landing.folder());
        }
        try (var server = start(programs, landing, patience)) {
            server.shutDown(patience);
        }
    }

    /// The command that starts a restored folder by hand.
    public static String commandFor(Path programs, Landing landing) {
        var start = List.of(
                programs.resolve("pg_ctl").toString(),
                "-D",
                landing.folder().toString(),
                "-l",
                landing.folder().resolve("restore.log").toString(),
                "start");
        return String.join(" ", ServerUser.of(landing.folder()).command(start));
    }

    public Landing landing() {
        return landing;
    }

    private Path log() {
        return landing.folder().resolve("restore.log");
    }

    /// The server lets nobody even try to sign in before recovery has ended, because hot standby is off: an
    /// answer about the password is an open server.
    private void awaitOpen(Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            if (isOpen()) {
                return;
            }
            if (hasEnded()) {
                throw new RestoreException(RestoreProblem.SERVER, "the restored server ended: " + lastWords());
            }
            if (System.nanoTime() > deadline) {
                throw new RestoreException(
                        RestoreProblem.SERVER,
                        "the restored server did not open within " + patience + ": " + lastWords());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private boolean isOpen() {
        var nobody = new Properties();
        nobody.put("user", "elleve_restore_probe");
        nobody.put("password", "none");
        nobody.put("sslmode", "disable");
        nobody.put("connectTimeout", "2");
        nobody.put("socketTimeout", "5");
        try (var connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + landing.port() + "/postgres", nobody)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return e.getSQLState() != null && e.getSQLState().startsWith("28");
        }
    }

    private boolean hasEnded() {
        try {
            var pid = Long.parseLong(Files.readAllLines(landing.folder().resolve("postmaster.pid"))
                    .getFirst()
                    .strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
        } catch (IOException | RuntimeException e) {
            // No file: not started yet, or ended. Its log knows.
            return lastWords().contains("database system is shut down")
                    || lastWords().contains("FATAL");
        }
    }

    private String lastWords() {
        try {
            var lines = Files.readAllLines(log());
            return lines.stream()
                    .filter(line -> line.contains("FATAL") || line.contains("PANIC"))
                    .reduce((one, other) -> other)
                    .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
        } catch (IOException e) {
            return "it left no log";
        }
    }

    private void run(String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of(
                programs.resolve("pg_ctl").toString(),
                "-s",
                "-D",
                landing.folder().toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(user.command(command))
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new RestoreException(
                        RestoreProblem.SERVER,
                        "'" + String.join(" ", command) + "' failed with code " + process.exitValue() + ": "
                                + lastWords());
            }
        } catch (IOException e) {
            throw new RestoreException(
                    RestoreProblem.SERVER, "PostgreSQL's programs in " + programs + " do not run: " + e.getMessage());
        }
    }

    /// Stops whatever server runs in a folder; none is fine.
    public static void stop(Path programs, Path folder) throws InterruptedException {
        try {
            new RestoredServer(programs, new Landing(folder, 0)).run("-m", "immediate", "stop");
        } catch (RestoreException e) {
            // It had ended by itself and left its file.
        }
    }

    /// Ends the server with everything on disk; afterwards the folder needs no recovery.
    public void shutDown(Duration patience) throws InterruptedException {
        run("-m", "fast", "-t", Long.toString(patience.toSeconds()), "stop");
        ended = true;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            run("-m", "immediate", "stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
