package dk.elleve.bench.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Linux tells of processes.
final class Processes {

    /// Of a second. Linux shows all programs this one, whatever it uses itself.
    private static final int TICKS = 100;

    private static final int PAGE = 4096;

    /// @param used processor time of the process
    /// @param ended that of its children that are over
    /// @param own bytes of memory it shares with nobody
    record Process(long id, long parent, String name, Duration used, Duration ended, long own) {}

    private Processes() {}

    static List<Process> all() throws IOException {
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            var all = new ArrayList<Process>();
            for (var entry : entries) {
                of(Long.parseLong(entry.getFileName().toString())).ifPresent(all::add);
            }
            return all;
        }
    }

    static Optional<Process> of(long id) {
        try {
            var stat = Files.readString(Path.of("/proc/" + id + "/stat"));
            var name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var pages = Files.readString(Path.of("/proc/" + id + "/statm")).split(" ");
            return Optional.of(new Process(
                    id,
                    Long.parseLong(fields[1]),
                    name,
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
        var all = all();
        var sum = Duration.ZERO;
        for (var each : all) {
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
