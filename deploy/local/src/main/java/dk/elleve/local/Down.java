package dk.elleve.local;

import dk.elleve.kit.test.part.Part;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Stops what this installation started, and nothing else: services first, what they rest on afterwards.
final class Down {

    private final Installation installation;
    private final Screen screen;

    Down(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    /// @param names parts to stop; none means all
    int run(List<String> names) {
        var wanted = installation.chosen(names);
        try (var _ = installation.lock()) {
            if (wanted.stream().anyMatch(part -> part instanceof ServicePart service && service.learns())) {
                screen.line(
                        "The services write down what makes their next start fast; once after each build, a minute or two.");
            }
            var all = stop(wanted.stream().filter(ServicePart.class::isInstance).toList())
                    & stop(wanted.stream()
                            .filter(part -> part != installation.postgres())
                            .toList())
                    & stop(wanted);
            if (!all) {
                return 1;
            }
        } catch (IOException e) {
            throw new Refusal(
                    "The lock of " + installation.place().root() + " could not be given back: " + e.getMessage());
        }
        screen.line("Stopped. The data stays in " + installation.place().root() + ".");
        return 0;
    }

    /// True when all ended; what did not is told.
    private boolean stop(List<Part> parts) {
        var ended = true;
        var work = parts.stream()
                .map(part -> (Callable<Void>) () -> {
                    if (part.running()) {
                        var start = System.nanoTime();
                        part.stop();
                        screen.part(part.name(), "stopped", Screen.seconds(start));
                    }
                    return null;
                })
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var each : threads.invokeAll(work)) {
                if (each.state() == Future.State.FAILED) {
                    screen.line(Up.sentence(each.exceptionNow()));
                    ended = false;
                }
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted while stopping.");
        }
    }
}
