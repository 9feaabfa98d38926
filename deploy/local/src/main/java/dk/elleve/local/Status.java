package dk.elleve.local;

import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.PartFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;

/// What runs, where, and how big it is. Ends with 0 when all is ready, with 3 when something is not.
final class Status {

    private final Installation installation;
    private final Screen screen;

    Status(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    int run() {
        long kilobytes = 0;
        var allReady = true;
        screen.line("  %-12s %-9s %8s %8s  %s".formatted("part", "state", "pid", "memory", "ports"));
        for (var part : installation.parts()) {
            var process = new Daemon(part.name(), installation.place()).handle();
            var state = process.isEmpty() ? "down" : answers(part) ? "ready" : "starting";
            var memory = process.map(Status::residentTree).orElse(0L);
            kilobytes += memory;
            allReady &= state.equals("ready");
            screen.line("  %-12s %-9s %8s %8s  %s"
                    .formatted(
                            part.name(),
                            state,
                            process.map(each -> Long.toString(each.pid())).orElse("-"),
                            memory == 0 ? "-" : (memory >> 10) + " MB",
                            installation.uses(part).stream()
                                    .map(use -> installation.ports().of(use) + " " + use.word())
                                    .collect(Collectors.joining(", "))));
        }
        screen.line();
        screen.line("  In all " + (kilobytes >> 10) + " MB resident. Dashboard " + installation.address()
                + ", everything kept in " + installation.place().root());
        screen.line("  Metrics: each service at /actuator/prometheus; all of them with prometheus --config.file="
                + new ScrapeConfig(installation).file());
        return allReady ? 0 : 3;
    }

    private static boolean answers(Part part) {
        try {
            part.awaitReady(Duration.ZERO);
            return true;
        } catch (PartFailure e) {
            return false;
        }
    }

    /// Shared pages are counted once, by their share (`Pss`), where the kernel tells it.
    private static long residentTree(ProcessHandle process) {
        return resident(process.pid())
                + process.descendants()
                        .mapToLong(child -> resident(child.pid()))
                        .sum();
    }

    private static long resident(long pid) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
