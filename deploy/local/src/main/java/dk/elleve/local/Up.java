package dk.elleve.local;

import dk.elleve.kit.test.part.ClusterProvisioner;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.PartFailure;
import dk.elleve.kit.test.part.Place;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.kit.test.part.ServiceSettings;
import dk.elleve.local.PortPlan.Use;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Starts what does not run yet, in the order that is ready soonest.
final class Up {

    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final long ROOM_WANTED = 1L << 30;

    private final Installation installation;
    private final Screen screen;
    private final Set<String> waitedFor = new ConcurrentSkipListSet<>();

    Up(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
    }

    /// @param names parts to start; none means all
    int run(List<String> names) {
        var wanted = installation.chosen(names);
        var start = System.nanoTime();
        try (var _ = installation.lock()) {
            checkRoom();
            var down = wanted.stream().filter(part -> !part.running()).toList();
            checkPorts(down);
            installation.ports().write(installation.place().root().resolve("ports"));
            Place.closed(installation.place().secrets());
            Place.closed(installation.place().settings());
            Files.writeString(
                    Verify.keyFile(installation),
                    installation.secrets().noteVerifierKey(ServiceSettings.LOG_NAME) + "\n");
            new ScrapeConfig(installation).write();
            installation.signedSince().note(Instant.now());
            screen.line(
                    down.isEmpty()
                            ? "Everything runs already in "
                                    + installation.place().root()
                            : "Starting Elleve in " + installation.place().root());
            var teller = tellOfWaiting(start);
            try {
                install(down);
                startAll(wanted);
            } finally {
                teller.interrupt();
            }
        } catch (IOException e) {
            throw new Refusal("The folder " + installation.place().root() + " cannot be used: " + e.getMessage() + ".");
        }
        if (names.isEmpty()) {
            sayWelcome(start);
        }
        return 0;
    }

    private void checkRoom() throws IOException {
        var room = Files.getFileStore(installation.place().root()).getUsableSpace();
        if (room < ROOM_WANTED) {
            throw new Refusal(
                    "The disk of %s is full: %d MB are left, and Elleve wants %d MB; make room, or choose another disk with --dir."
                            .formatted(installation.place().root(), room >> 20, ROOM_WANTED >> 20));
        }
    }

    /// Before anything is started: a port that somebody else has is said in one sentence.
    private void checkPorts(List<Part> down) {
        for (var part : down) {
            for (var use : installation.uses(part)) {
                var port = installation.ports().of(use);
                if (!isFreeSoon(port)) {
                    throw new Refusal(
                            "Port %d, meant for %s, is taken by another program; free it, or choose another with %s N or --port-base N."
                                    .formatted(port, use.word(), use.option()));
                }
            }
        }
    }

    /// The kernel takes a moment to close what a process had open that was killed just now.
    private static boolean isFreeSoon(int port) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        try {
            while (!Ports.isFree(port)) {
                if (System.nanoTime() > end) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted before anything was started.");
        }
    }

    private void install(List<Part> down) {
        inParallel(down.stream()
                .map(part -> (Callable<Void>) () -> {
                    var start = System.nanoTime();
                    waitedFor.add(part.name());
                    try {
                        part.install();
                    } finally {
                        waitedFor.remove(part.name());
                    }
                    if (System.nanoTime() - start > 500_000_000L) {
                        screen.part(part.name(), "installed", Screen.seconds(start));
                    }
                    return null;
                })
                .toList());
    }

    private void startAll(List<Part> wanted) {
        var onDatabase = new ArrayList<Callable<Void>>();
        var work = new ArrayList<Callable<Void>>();
        for (var part : wanted) {
            if (part == installation.keycloak() || part instanceof ServicePart) {
                onDatabase.add(ready(part));
            } else if (part != installation.postgres()) {
                work.add(ready(part));
            }
        }
        work.add(() -> {
            if (wanted.contains(installation.postgres())) {
                ready(installation.postgres()).call();
                // Publication and slots stand before the first service writes its first row.
                new ClusterProvisioner(installation.database()).provision();
            }
            inParallel(onDatabase);
            return null;
        });
        inParallel(work);
    }

    private Callable<Void> ready(Part part) {
        return () -> {
            var start = System.nanoTime();
            var ran = part.running();
            waitedFor.add(part.name());
            try {
                part.start();
                part.awaitReady(PATIENCE);
            } finally {
                waitedFor.remove(part.name());
            }
            screen.part(part.name(), ran ? "runs" : "ready", ran ? "" : Screen.seconds(start));
            return null;
        };
    }

    /// A slow start is told to be one, so that nobody takes it for a hanging one.
    private Thread tellOfWaiting(long start) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    TimeUnit.SECONDS.sleep(15);
                    if (!waitedFor.isEmpty()) {
                        screen.line("  … " + Screen.seconds(start) + ", waiting for " + String.join(", ", waitedFor));
                    }
                }
            } catch (InterruptedException over) {
                // Everything is ready, or the start was given up.
            }
        });
    }

    /// All are tried; the first failure is told.
    private static void inParallel(List<Callable<Void>> work) {
        var failures = new ArrayList<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> each : threads.invokeAll(work)) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    failures.add(sentence(e.getCause() == null ? e : e.getCause()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted; ./elleve down stops what has started.");
        }
        if (!failures.isEmpty()) {
            throw new Refusal(String.join("\n", failures));
        }
    }

    static String sentence(Throwable failure) {
        for (var each = failure; each != null; each = each.getCause()) {
            if (String.valueOf(each.getMessage()).contains("No space left on device")) {
                return "The disk is full; make room, or choose another disk with --dir.";
            }
        }
        return switch (failure) {
            case Refusal refusal -> String.valueOf(refusal.getMessage());
            case PartFailure broken -> String.valueOf(broken.getMessage());
            case IllegalStateException known -> String.valueOf(known.getMessage());
            case UncheckedIOException io -> String.valueOf(io.getMessage());
            case ConnectException _ -> "Something does not answer; ./elleve status shows what runs.";
            default -> failure.toString();
        };
    }

    private void sayWelcome(long start) {
        screen.line();
        screen.line("Ready in " + Screen.seconds(start) + ".");
        screen.line();
        screen.line("  Dashboard   " + installation.address());
        screen.line("  Log in as   administrator, technical-manager, support, dpo, auditor,");
        screen.line("              nord-admin, nord-user, havn-admin or havn-user; password elleve");
        screen.line("  Mails       " + installation.mail().address());
        screen.line("  Keycloak    http://127.0.0.1:" + installation.ports().of(Use.KEYCLOAK)
                + "/admin (admin, password in " + installation.place().secrets().resolve("password.keycloak-admin")
                + ")");
        screen.line();
        screen.line("Next: ./elleve demo");
    }
}
