package dk.elleve.local;

import dk.elleve.local.HealthGate.Requests;
import dk.elleve.local.HealthGate.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// The six services as containers of a compose project on this machine.
final class ComposeStack implements RolloutSteps.Stack {

    /// A request through the door that reaches the service.
    interface Caller {

        /// @return false if the service or the way to it failed
        boolean reaches(String service);
    }

    /// @param project name of the compose project
    /// @param envFiles what `docker compose up` was given, so that nothing else changes
    /// @param readyWithin how long a start may take
    /// @param watched how long a service is watched after that
    record Settings(String project, List<String> envFiles, Duration readyWithin, Duration watched) {

        Settings {
            envFiles = List.copyOf(envFiles);
        }
    }

    private static final Duration PAUSE = Duration.ofMillis(500);

    /// Connections to the old instance are in the door's pool still; these find it out.
    private static final int WARM_UP = 5;

    private static final String METRICS = "exec 3<>/dev/tcp/127.0.0.1/9000"
            + " && printf 'GET /actuator/prometheus HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";

    private final Path folder;
    private final Settings settings;
    private final HealthGate gate;
    private final Caller caller;
    private final Clock clock;

    /// @param folder where `docker-compose.yml` lies
    ComposeStack(Path folder, Settings settings, HealthGate gate, Caller caller, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.gate = gate;
        this.caller = caller;
        this.clock = clock;
    }

    /// The tag that each service runs now.
    Map<String, String> tags() {
        var tags = new TreeMap<String, String>();
        for (var service : RolloutSteps.ORDER) {
            var image = say("docker", "inspect", "--format", "{{.Config.Image}}", container(service))
                    .strip();
            var colon = image.lastIndexOf(':');
            if (colon < image.lastIndexOf('/')) {
                throw new Refusal(
                        "The container of " + service + " runs " + image + ", which has no tag to go back to.");
            }
            tags.put(service, image.substring(colon + 1));
        }
        return tags;
    }

    /// The images of a tag that are not on this machine and cannot be had.
    List<String> missing(String tag) {
        var missing = new ArrayList<String>();
        for (var service : RolloutSteps.ORDER) {
            var image = "elleve/" + service + ":" + tag;
            if (!succeeds("docker", "image", "inspect", image) && !succeeds("docker", "pull", "--quiet", image)) {
                missing.add(image);
            }
        }
        return missing;
    }

    /// Where a port of a service is published on this machine.
    String published(String service, int port) {
        return say("docker", "port", container(service), port + "/tcp")
                .lines()
                .filter(line -> !line.startsWith("["))
                .findFirst()
                .orElseThrow(() -> new Refusal("The port " + port + " of " + service + " is not published."))
                .replace("0.0.0.0", "127.0.0.1");
    }

    @Override
    public void bring(String service, String tag) {
        // A variable of the environment stands above every file.
        var command = new ArrayList<>(List.of("env", "ELLEVE_VERSION=" + tag, "docker", "compose"));
        command.addAll(List.of("--project-name", settings.project()));
        settings.envFiles().forEach(file -> command.addAll(List.of("--env-file", file)));
        command.addAll(List.of("up", "--detach", "--no-deps", "--no-build", service));
        say(command.toArray(String[]::new));
    }

    @Override
    public Verdict watch(String service) {
        var ready = awaitReady(service);
        if (!ready) {
            return gate.judge(false, restarts(service), Requests.NONE);
        }
        for (int i = 0; i < WARM_UP; i++) {
            caller.reaches(service);
        }
        var asked = ask(service);
        return gate.judge(healthy(service), restarts(service), asked.plus(metrics(service)));
    }

    private boolean awaitReady(String service) {
        var end = clock.instant().plus(settings.readyWithin());
        while (!healthy(service)) {
            if (clock.instant().isAfter(end) || restarts(service) > 0) {
                return false;
            }
            pause(PAUSE);
        }
        return true;
    }

    private Requests ask(String service) {
        var asked = Requests.NONE;
        var end = clock.instant().plus(settings.watched());
        while (asked.all() < gate.fewest() || clock.instant().isBefore(end)) {
            asked = asked.plus(new Requests(1, caller.reaches(service) ? 0 : 1));
            pause(settings.watched().dividedBy(Math.max(1, gate.fewest())));
        }
        return asked;
    }

    /// What its clients asked it meanwhile.
    private Requests metrics(String service) {
        return HealthGate.requests(say("docker", "exec", container(service), "bash", "-c", METRICS));
    }

    private boolean healthy(String service) {
        return say(
                        "docker",
                        "inspect",
                        "--format",
                        "{{if .State.Running}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}",
                        container(service))
                .strip()
                .equals("healthy");
    }

    private int restarts(String service) {
        return Integer.parseInt(say("docker", "inspect", "--format", "{{.RestartCount}}", container(service))
                .strip());
    }

    private String container(String service) {
        return say(
                        "docker",
                        "ps",
                        "--all",
                        "--quiet",
                        "--filter",
                        "label=com.docker.compose.project=" + settings.project(),
                        "--filter",
                        "label=com.docker.compose.service=" + service,
                        "--filter",
                        "label=com.docker.compose.oneoff=False")
                .lines()
                .findFirst()
                .orElseThrow(() -> new Refusal("The compose project " + settings.project() + " has no container of "
                        + service + "; docker compose up makes them."));
    }

    private boolean succeeds(String... command) {
        return Programs.run(List.of(command), folder, new ByteArrayOutputStream()) == 0;
    }

    private String say(String... command) {
        var output = new ByteArrayOutputStream();
        int status = Programs.run(List.of(command), folder, output);
        var said = output.toString(StandardCharsets.UTF_8);
        if (status != 0) {
            throw new Refusal(
                    "docker failed: " + said.strip().lines().reduce((a, b) -> b).orElse("no reason given"));
        }
        return said;
    }

    private static void pause(Duration length) {
        try {
            TimeUnit.MILLISECONDS.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("Interrupted.");
        }
    }
}
