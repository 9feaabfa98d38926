package dk.elleve.kit.test.part;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A process that outlives its starter and is found again by its pid file. The file also holds the kernel's start time
/// of the process and the boot it belongs to: a process id that was given out again is never taken for ours.
public final class Daemon {

    /// What to run. The environment is given whole; nothing of the starter's own is inherited but what a program needs
    /// to run at all.
    ///
    /// @param command the program and its arguments; never a secret
    /// @param folder the working folder
    /// @param environment added to the inherited few; never a secret
    public record Command(List<String> command, Path folder, Map<String, String> environment) {

        public Command {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        public Command(List<String> command, Path folder) {
            this(command, folder, Map.of());
        }
    }

    /// Whether the part answers by now.
    public interface Probe {
        boolean ready() throws Exception;
    }

    private static final List<String> INHERITED = List.of("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR");
    /// A part that starts needs the processor more than we need to know at once.
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(300);

    private final String name;
    private final Path pidFile;
    private final Path log;

    public Daemon(String name, Place place) {
        this.name = name;
        this.pidFile = place.run(name);
        this.log = place.log(name);
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public boolean running() {
        return handle().isPresent();
    }

    public Optional<ProcessHandle> handle() {
        return recorded()
                .filter(identity -> identity.equals(Identity.of(identity.pid()).orElse(null)))
                .flatMap(identity -> ProcessHandle.of(identity.pid()))
                .filter(ProcessHandle::isAlive);
    }

    public void start(Command command) {
        if (running()) {
            return;
        }
        try {
            Place.open(Place.folderOf(pidFile));
            Place.open(Place.folderOf(log));
            // Its own session: the terminal's Ctrl-C and the end of the starter do not reach it.
            var line = new ArrayList<>(List.of("setsid"));
            line.addAll(command.command());
            var builder = new ProcessBuilder(line)
                    .directory(command.folder().toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            var environment = builder.environment();
            environment.keySet().retainAll(INHERITED);
            environment.putAll(command.environment());
            record(builder.start().pid());
        } catch (IOException e) {
            throw new PartFailure(name + " could not be started: " + e.getMessage(), e);
        }
    }

    private void record(long pid) throws IOException {
        var identity = Identity.of(pid);
        if (identity.isPresent()) {
            Files.writeString(pidFile, identity.get().line());
        }
    }

    public void awaitReady(Duration limit, Probe probe) {
        var deadline = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (true) {
            try {
                if (probe.ready()) {
                    return;
                }
            } catch (Exception e) {
                last = e;
            }
            if (!running()) {
                throw new PartFailure(
                        name + " ended while starting; the end of " + log + ": " + lastLines(log, 5), last);
            }
            if (System.nanoTime() > deadline) {
                throw new PartFailure(
                        name + " was not ready after " + limit.toSeconds() + " s; its log is " + log + ".", last);
            }
            awaitEnd(BETWEEN_PROBES);
        }
    }

    /// True when the process is gone within the time.
    private boolean awaitEnd(Duration limit) {
        var process = handle();
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return !running();
        } catch (ExecutionException e) {
            return !running();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while waiting for " + name + ".", e);
        }
    }

    /// Sends the signal, waits, and kills the process and its children when it is still there.
    ///
    /// @return whether there was a process that ended by itself within the time
    public boolean stop(String signal, Duration grace) {
        var ended = false;
        var process = handle();
        if (process.isPresent()) {
            var children = process.get().descendants().toList();
            signal(signal, process.get().pid());
            ended = awaitEnd(grace);
            if (!ended) {
                process.get().destroyForcibly();
                awaitEnd(Duration.ofSeconds(10));
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ended;
    }

    private void signal(String signal, long pid) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new PartFailure(name + " could not be told to stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while stopping " + name + ".", e);
        }
    }

    private Optional<Identity> recorded() {
        try {
            return Identity.parse(Files.readString(pidFile));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static String lastLines(Path file, int count) {
        try {
            var lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(no log)";
        }
    }

    /// Names one process of one boot for good.
    record Identity(long pid, long startedTicks, String boot) {

        static Optional<Identity> of(long pid) {
            try {
                var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                // The name in parentheses may hold spaces; the fields after it do not. Field 22 is the start time.
                var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                if (fields[0].equals("Z")) {
                    return Optional.empty();
                }
                var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
                return Optional.of(new Identity(pid, Long.parseLong(fields[19]), boot));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        static Optional<Identity> parse(String line) {
            var words = line.strip().split(" ");
            return words.length == 3
                    ? Optional.of(new Identity(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2]))
                    : Optional.empty();
        }

        String line() {
            return pid + " " + startedTicks + " " + boot + "\n";
        }
    }
}
