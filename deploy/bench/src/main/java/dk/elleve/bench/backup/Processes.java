package dk.elleve.bench.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What Linux tells of processes.
final class Processes {

    /// Of a second. Linux shows all programs this one, whatever it uses itself.
    private static final int TICKS = 100;

    private static final int PAGE = 4096;

    /// @param used processor time of the process
    /// @param ended that of its children that are over
    /// @param own bytes of memory it shares with nobody
    record Process(long id, long parent, Duration used, Duration ended, long own) {}

    private Processes() {}

    static List<Long> ids() throws IOException {
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            var ids = new ArrayList<Long>();
            entries.forEach(entry -> ids.add(Long.parseLong(entry.getFileName().toString())));
            return ids;
        }
    }

    /// @param others are not asked for their names
    static List<Process> named(String name, Set<Long> others) throws IOException {
        return ids().stream()
                .filter(id -> !others.contains(id))
                .filter(id -> isNamed(id, name))
                .flatMap(id -> of(id).stream())
                .toList();
    }

    private static boolean isNamed(long id, String name) {
        try {
            return Files.readString(Path.of("/proc/" + id + "/comm")).strip().equals(name);
        } catch (IOException e) {
            // It ended meanwhile.
            return false;
        }
    }

    static Optional<Process> of(long id) {
        try {
            var stat = Files.readString(Path.of("/proc/" + id + "/stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var pages = Files.readString(Path.of("/proc/" + id + "/statm")).split(" ");
            return Optional.of(new Process(
                    id,
                    Long.parseLong(fields[1]),
                    ticks(Long.parseLong(fields[11]) + Long.parseLong(fields[12])),
                    ticks(Long.parseLong(fields[13]) + Long.parseLong(fields[14])),
                    (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE));
        } catch (IOException e) {
            // It ended meanwhile.
            return Optional.empty();
        }
    }

    /// Processor time of a process and all it has started and that was not given away.
    static Duration family(long id) throws IOException {
        var sum = Duration.ZERO;
        for (var each : ids().stream().flatMap(process -> of(process).stream()).toList()) {
            if (each.id() == id || each.parent() == id) {
                sum = sum.plus(each.used()).plus(each.ended());
            }
        }
        return sum;
    }

    private static Duration ticks(long ticks) {
        return Duration.ofMillis(ticks * 1000 / TICKS);
    }
}
