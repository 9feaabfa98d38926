package dk.elleve.backup.restore;

import dk.elleve.backup.base.Manifest;
import dk.elleve.backup.keyvault.KeyVaults;
import dk.elleve.backup.vault.VaultException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The restore program. Runs with every service stopped; knows nothing of Spring.
public final class RestoreMain {

    private static final Duration PATIENCE = Duration.ofHours(12);

    private final PrintStream out;
    private final PrintStream error;
    private final boolean terminal;
    private final KeyVaults keyVaults;
    private final Clock clock;

    RestoreMain(PrintStream out, PrintStream error, boolean terminal, Clock clock) {
        this(out, error, terminal, KeyVaults.of(System.getenv(), clock), clock);
    }

    /// @param keyVaults asked only where the settings name a key in one
    RestoreMain(PrintStream out, PrintStream error, boolean terminal, KeyVaults keyVaults, Clock clock) {
        this.out = out;
        this.error = error;
        this.terminal = terminal;
        this.keyVaults = keyVaults;
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        // Without Spring nobody tells the logger what to say; by itself it says everything.
        System.setProperty("logback.configurationFile", "restore-logback.xml");
        var program = new RestoreMain(
                System.out,
                System.err,
                System.console() != null && System.console().isTerminal(),
                Clock.systemDefaultZone());
        // Not by returning: threads of the storage client would keep the program waiting.
        System.exit(program.run(List.of(arguments)));
    }

    int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(RestoreArguments.HELP);
            return 0;
        }
        try {
            var asked = RestoreArguments.parse(arguments, clock.getZone());
            return restore(asked);
        } catch (IllegalArgumentException e) {
            error.println("restore: " + e.getMessage());
            error.println("restore --help tells how to call it");
            return 2;
        } catch (VaultException e) {
            error.println("restore: " + e.getMessage() + " [" + e.problem().code() + "]");
            return 1;
        } catch (RestoreException e) {
            error.println("restore: " + e.getMessage() + " [" + e.problem().code() + "]");
            return 1;
        } catch (UncheckedIOException e) {
            error.println("restore: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            error.println("restore: interrupted");
            return 1;
        }
    }

    private int restore(RestoreArguments asked) throws InterruptedException {
        var settings = RestoreSettings.read(asked.settings());
        @Nullable Path programs = asked.programs() != null
                ? asked.programs()
                : settings.programs().orElse(null);
        if (asked.start() && programs == null) {
            throw new IllegalArgumentException("--start wants PostgreSQL's programs: --programs DIR");
        }
        var restorer =
                Restorer.open(settings.vault(), settings.masterKeys(keyVaults), asked.cluster(), settings.signing());
        var plan = restorer.plan(asked.target());
        var to = asked.to();
        describe(
                restorer,
                plan,
                to == null
                        ? Map.of()
                        : Layout.of(
                                        plan.manifest().tablespaces(),
                                        new Landing(to, asked.port(), asked.delta(), asked.tablespaces()))
                                .tablespaces());
        if (asked.preview() || to == null) {
            return 0;
        }
        if (programs == null && !restorer.erasures(plan).isEmpty()) {
            throw new IllegalArgumentException(
                    "what was erased since is erased again in what comes back, which wants PostgreSQL's programs:"
                            + " --programs DIR");
        }
        var begun = clock.instant();
        var shut = asked.delta() ? Optional.<Restored>empty() : restorer.shut(plan, to.toAbsolutePath());
        var restored = shut.isPresent() ? shut.get() : fetch(restorer, plan, asked, to);
        out.println("restored    " + restored.landing().folder() + " in " + seconds(begun)
                + (shut.isPresent() ? " by an earlier call" : ", everything verified"));
        restored.newestCommit()
                .ifPresent(time ->
                        out.println("WAL         until " + restored.walEnd() + ", newest commit in it " + time));
        if (programs != null && !restored.erasures().isEmpty()) {
            eraseAgain(programs, restored);
        }
        if (asked.start() && programs != null) {
            RestoredServer.start(programs, restored.landing(), PATIENCE);
            out.println("recovered   in " + seconds(begun) + " in all");
            out.println("listening   127.0.0.1:" + restored.landing().port());
            out.println("stop        " + programs.resolve("pg_ctl") + " -D "
                    + restored.landing().folder() + " -m fast stop");
        } else {
            out.println("start       "
                    + RestoredServer.commandFor(
                            programs != null ? programs : Path.of("/usr/lib/postgresql/18/bin"), restored.landing()));
            out.println("then        it recovers by itself and listens on 127.0.0.1:"
                    + restored.landing().port());
        }
        return 0;
    }

    private Restored fetch(Restorer restorer, RestorePlan plan, RestoreArguments asked, Path to)
            throws InterruptedException {
        var bar = new ProgressBar(out, terminal, clock);
        var restored = restorer.restore(
                plan,
                new Landing(to, asked.port() == 0 ? freePort() : asked.port(), asked.delta(), asked.tablespaces()),
                bar);
        bar.finish();
        return restored;
    }

    private void eraseAgain(Path programs, Restored restored) throws InterruptedException {
        var folder = restored.landing().folder();
        out.println("recovering  with the door shut, to erase again what was erased since ("
                + restored.erasures().size() + " erasures) ...");
        RestoredServer.recover(programs, restored.landing(), PATIENCE);
        for (var replayed : ErasureReplay.run(programs, folder, restored.erasures())) {
            out.println("erased      " + (replayed.erasure().subject() == null ? "tenant " : "a person of tenant ")
                    + replayed.erasure().tenant() + " of " + replayed.erasure().erasedAt() + ": " + replayed.records()
                    + " records had come back");
        }
        try {
            Door.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " failed: " + e.getMessage(), e);
        }
    }

    private void describe(Restorer restorer, RestorePlan plan, Map<String, Path> tablespaces) {
        var manifest = plan.manifest();
        out.println("cluster     " + restorer.systemId() + ", PostgreSQL " + manifest.serverVersion());
        out.println("target      " + plan.target());
        var packs = plan.packs();
        out.println("backup      " + manifest.id() + ", complete at " + manifest.finishedAt() + ", "
                + ProgressBar.size(manifest.bytes()) + " in " + packs.size() + " packs ("
                + ProgressBar.size(
                        packs.stream().mapToLong(Manifest.Pack::storedBytes).sum()) + " to fetch)");
        out.println("signed      "
                + restorer.signer(plan)
                        .map(key -> "by " + key)
                        .orElse(
                                restorer.asksForSignatures()
                                        ? "by nobody, as it was complete before " + RestoreSettings.SIGNED_SINCE
                                        : "not looked at: " + RestoreSettings.MANIFEST_KEYS + " names no key"));
        plan.base().ifPresent(full -> out.println("stands on   " + full.id()));
        manifest.damages().forEach(words -> out.println("damaged     when it was taken already: " + words));
        for (var tablespace : manifest.tablespaces()) {
            var target = tablespaces.get(tablespace.oid());
            out.println("tablespace  " + tablespace.oid() + ", on the source " + tablespace.location() + ", goes "
                    + (target != null ? "to " + target : "below the data folder"));
        }
        out.println("WAL         " + manifest.start() + " to " + plan.walEnd() + " without a hole, at most "
                + (plan.endSegment() - plan.firstSegment()) + " segments");
        var erasures = restorer.erasures(plan).size();
        if (erasures > 0) {
            out.println("erasures    " + erasures + " on record since; done again before anybody can sign in");
        }
        out.println("expected    about " + expected(restorer, plan) + ", as fast as one pack has just come");
        if (plan.gaps().isEmpty()) {
            out.println("gaps        none");
        }
        plan.gaps()
                .forEach(gap -> out.println(
                        "gap         " + gap.from() + " to " + gap.to() + " is lost, found " + gap.foundAt()));
    }

    /// Packs come several at once, WAL segments too; recovery itself is not in it.
    private String expected(Restorer restorer, RestorePlan plan) {
        var bytes = plan.manifest().bytes()
                + (plan.endSegment() - plan.firstSegment())
                        * plan.inventory().segments().size();
        var seconds = Math.max(1, bytes / restorer.measure(plan));
        return seconds < 90 ? seconds + " s" : (seconds + 30) / 60 + " min";
    }

    private String seconds(Instant begun) {
        return String.format("%.1f s", Duration.between(begun, clock.instant()).toMillis() / 1000.0);
    }

    /// Free now; whoever is quicker gets it, and the server then says so.
    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port", e);
        }
    }
}
