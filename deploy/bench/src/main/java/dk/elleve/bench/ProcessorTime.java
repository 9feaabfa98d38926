package dk.elleve.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/// What every process of the platform, and this one, has used of the processors so far. Where others use the machine
/// too, this says more than how fast something was.
record ProcessorTime(Map<Long, Duration> used) {

    /// @param run the folder with a file for each part of the platform, which begins with its process id
    static ProcessorTime now(Path run) throws IOException {
        var used = new HashMap<Long, Duration>();
        try (var files = Files.list(run)) {
            for (var file : files.toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).split(" ")[0]))
                        .ifPresent(part -> Stream.concat(Stream.of(part), part.descendants())
                                .forEach(process -> add(used, process)));
            }
        }
        add(used, ProcessHandle.current());
        return new ProcessorTime(Map.copyOf(used));
    }

    private static void add(Map<Long, Duration> used, ProcessHandle process) {
        process.info().totalCpuDuration().ifPresent(duration -> used.put(process.pid(), duration));
    }

    /// In microseconds. A process that ended meanwhile does not count: those are PostgreSQL's, and did little.
    double since(ProcessorTime before) {
        return used.entrySet().stream()
                        .mapToLong(each -> each.getValue()
                                .minus(before.used().getOrDefault(each.getKey(), Duration.ZERO))
                                .toNanos())
                        .sum()
                / 1000.0;
    }
}
