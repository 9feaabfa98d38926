package dk.elleve.local;

import dk.elleve.local.QuietWindow.Timing;
import dk.elleve.local.RolloutSteps.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// `./elleve rollout`: a backup, the quiet hours, one service after the other, and back when one does not work; all of
/// it on record.
final class Rollout {

    static final String HELP = """
            ./elleve rollout --compose --image-tag TAG [options]

            Updates the six services of the platform that docker compose runs on this machine: waits for nothing but the
            quiet hours, takes a backup, changes one service after the other, watches each, and goes back to the tags
            before when one does not work. Begin and end stand in the register of changes (GET /api/changes).

              --image-tag TAG            images elleve/<service>:TAG, on this machine or in the registry
              --project NAME             compose project; elleve if not given
              --env-file FILE            as docker compose was given it; may be given several times
              --window HOURS             quiet hours while the gateway has measured none;
                                         "01:00/PT4H Europe/Copenhagen" if not given
              --needs DURATION           how long the work may take, with the way back; PT30M if not given
              --wait                     outside the quiet hours: wait for them
              --outside-window           outside the quiet hours: do it now; answer 4 is broken for a month
              --client-secret-file FILE  secret of the client elleve-deploy; without it the demo's administrator
              --ready-within DURATION    how long a service may take to become ready; PT5M if not given
              --watch DURATION           how long it is watched then; PT20S if not given
              --max-errors PERCENT       so many of the requests may fail on its side; 2 if not given
              --backup KIND              full or incremental; full if not given
              --backup-within DURATION   how long the backup may take; PT6H if not given
              --plan                     says what would be done, and does nothing

            Ends with 0 when done, 1 when refused or rolled back, 3 when the way back failed too.
            """;

    private static final Set<String> FLAGS = Set.of("--compose", "--wait", "--outside-window", "--plan");
    private static final Set<String> OPTIONS = Set.of(
            "--image-tag",
            "--project",
            "--env-file",
            "--window",
            "--needs",
            "--client-secret-file",
            "--ready-within",
            "--watch",
            "--max-errors",
            "--backup",
            "--backup-within");

    /// Fewer requests say nothing about errors.
    private static final long FEWEST_REQUESTS = 25;

    private final Installation installation;
    private final Screen screen;
    private final Clock clock;

    Rollout(Installation installation, Screen screen) {
        this.installation = installation;
        this.screen = screen;
        this.clock = Clock.systemUTC();
    }

    int run(List<String> words) {
        var flags = new TreeSet<String>();
        var envFiles = new ArrayList<String>();
        var options = parse(words, flags, envFiles);
        if (!flags.contains("--compose")) {
            throw new Refusal("Say --compose: other forms of the platform are updated by their own tools.");
        }
        var tag = options.get("--image-tag");
        if (tag == null || !tag.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")) {
            throw new Refusal("--image-tag names the images to run, such as --image-tag 1.5.0.");
        }
        backupKind(options);
        var settings = new ComposeStack.Settings(
                options.getOrDefault("--project", "elleve"),
                envFiles,
                duration(options, "--ready-within", "PT5M"),
                duration(options, "--watch", "PT20S"));
        var gate = new HealthGate(percent(options), FEWEST_REQUESTS);
        var nobody = new ComposeStack(installation.project(), settings, gate, service -> false, clock);
        var before = nobody.tags();
        var missing = nobody.missing(tag);
        if (!missing.isEmpty()) {
            throw new Refusal("These images are neither here nor in the registry: " + String.join(", ", missing)
                    + "; nothing was changed.");
        }
        var docker = new Docker(settings.project());
        var api = new RolloutAccess(
                URI.create("http://" + docker.published("gateway", 8080)),
                URI.create("http://" + docker.published("keycloak", 8080)),
                secret(options.get("--client-secret-file")));
        try (var platform = new RolloutApi(api, clock)) {
            var stack = new ComposeStack(installation.project(), settings, gate, platform, clock);
            return run(options, flags, tag, before, stack, platform);
        }
    }

    private int run(
            Map<String, String> options,
            Set<String> flags,
            String tag,
            Map<String, String> before,
            ComposeStack stack,
            RolloutApi platform) {
        var windows = platform.windows();
        var hours = options.getOrDefault("--window", "01:00/PT4H Europe/Copenhagen");
        var needed = duration(options, "--needs", "PT30M");
        var known = windows.orElseGet(() -> QuietWindow.daily(hours, clock.instant()));
        var timing = QuietWindow.decide(known, clock.instant(), needed);
        screen.line("From " + String.join(", ", new TreeSet<>(before.values())) + " to " + tag + "; quiet hours "
                + (windows.isPresent() ? "as measured" : "as configured, " + hours));
        if (flags.contains("--plan")) {
            screen.line(described(timing, needed));
            screen.line("Order: backup, " + String.join(", ", RolloutSteps.ORDER));
            return 0;
        }
        var window = window(timing, needed, flags);
        screen.line("Backup");
        var backup = platform.backup(backupKind(options), duration(options, "--backup-within", "PT6H"), screen);
        screen.line("  " + backup + "  complete");
        var change = platform.begin(newest(before), tag, window, backup);
        screen.line("Change " + change);
        var result = new RolloutSteps(stack, screen).run(before, tag);
        platform.end(change, result);
        switch (result.outcome()) {
            case DONE -> {
                remember(tag);
                screen.line("Done: all services run " + tag + ".");
                return 0;
            }
            case ROLLED_BACK -> screen.line("Rolled back (" + result.reason() + "): everything runs as before.");
            case FAILED ->
                screen.line("The way back failed too (" + result.reason()
                        + "); docker compose ps shows what does not work, deploy/rollout/README.md what to do.");
        }
        return result.outcome() == Outcome.FAILED ? 3 : 1;
    }

    private @Nullable QuietWindow window(Timing timing, Duration needed, Set<String> flags) {
        return switch (timing) {
            case Timing.Go(var window) -> window;
            case Timing.Wait(var window)
            when flags.contains("--wait") -> {
                screen.line("Waiting for the quiet hours, which begin " + window.from());
                while (clock.instant().isBefore(window.from())) {
                    Pause.of(Duration.ofSeconds(5));
                }
                yield window;
            }
            case Timing.Wait ignored when flags.contains("--outside-window") -> outside();
            case Timing.Never ignored when flags.contains("--outside-window") -> outside();
            case Timing.Wait ignored ->
                throw new Refusal(described(timing, needed)
                        + " --wait waits for it, --outside-window does it now and breaks answer 4.");
            case Timing.Never ignored -> throw new Refusal(described(timing, needed));
        };
    }

    private @Nullable QuietWindow outside() {
        screen.line("Outside the quiet hours, as asked: the register says so, and answer 4 is broken for a month.");
        return null;
    }

    private static String described(Timing timing, Duration needed) {
        return switch (timing) {
            case Timing.Go(var window) -> "The quiet hours last until " + window.to() + ".";
            case Timing.Wait(var window) -> "The next quiet hours begin " + window.from() + ".";
            case Timing.Never() -> "No quiet hours of the next days last " + needed + ".";
        };
    }

    /// What most services ran; a run that was cut off leaves two versions.
    private static String newest(Map<String, String> before) {
        return Objects.requireNonNull(before.get("gateway"), "the gateway is changed last");
    }

    /// `docker compose up` with this file starts what was rolled out, not what was first installed.
    private void remember(String tag) {
        var file = installation.place().root().resolve("compose/version.env");
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent(), "a file lies in a folder"));
            Files.writeString(file, "ELLEVE_VERSION=" + tag + "\n");
            screen.line("From now on: docker compose --env-file " + file + " up");
        } catch (IOException e) {
            throw new Refusal("All services run " + tag + ", but " + file + " could not be written: " + e.getMessage());
        }
    }

    private static Map<String, String> parse(List<String> words, Set<String> flags, List<String> envFiles) {
        var options = new HashMap<String, String>();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            if (FLAGS.contains(word)) {
                flags.add(word);
                continue;
            }
            var equals = word.indexOf('=');
            var name = equals < 0 ? word : word.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                throw new Refusal("./elleve rollout does not know " + word + "; --help shows what it knows.");
            }
            if (equals < 0 && i + 1 == words.size()) {
                throw new Refusal("The option " + name + " wants a value; ./elleve rollout --help shows how.");
            }
            var value = equals < 0 ? words.get(++i) : word.substring(equals + 1);
            if (name.equals("--env-file")) {
                envFiles.add(Path.of(value).toAbsolutePath().toString());
            } else {
                options.put(name, value);
            }
        }
        return options;
    }

    /// An incremental one restores as well and is sooner there; a full one needs no other.
    static String backupKind(Map<String, String> options) {
        var kind = options.getOrDefault("--backup", "full");
        if (kind.equals("full") || kind.equals("incremental")) {
            return kind;
        }
        throw new Refusal("--backup wants full or incremental, not " + kind + ".");
    }

    private static Duration duration(Map<String, String> options, String name, String otherwise) {
        var text = options.getOrDefault(name, otherwise);
        try {
            var duration = Duration.parse(text);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeException e) {
            // Told below like every other text that is none.
        }
        throw new Refusal(name + " wants a duration such as " + otherwise + ", not " + text + ".");
    }

    private static double percent(Map<String, String> options) {
        var text = options.getOrDefault("--max-errors", "2");
        try {
            var percent = Double.parseDouble(text);
            if (percent >= 0 && percent <= 100) {
                return percent / 100;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new Refusal("--max-errors wants a number from 0 to 100, not " + text + ".");
    }

    private static @Nullable String secret(@Nullable String file) {
        if (file == null) {
            return null;
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new Refusal("The client's secret cannot be read from " + file + ".");
        }
    }
}
