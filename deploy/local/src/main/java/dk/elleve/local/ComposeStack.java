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
    private final Docker docker;
    private final HealthGate gate;
    private final Caller caller;
    private final Clock clock;

    /// @param folder where `docker-compose.yml` lies
    ComposeStack(Path folder, Settings settings, HealthGate gate, Caller caller, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.docker = new Docker(settings.project());
        this.gate = gate;
        this.caller = caller;
        this.clock = clock;
    }

    /// The tag that each service runs now.
    Map<String, String> tags() {
        var tags = new TreeMap<String, String>();
        for (var service : RolloutSteps.ORDER) {
            var image = docker.inspect(docker.must(service), "{{.Config.Image}}");
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
            if (!docker.succeeds("image", "inspect", image) && !docker.succeeds("pull", "--quiet", image)) {
                missing.add(image);
            }
        }
        return missing;
    }

    @Override
    public void bring(String service, String tag) {
        // A variable of the environment stands above every file.
        var command = new ArrayList<>(List.of("env", "ELLEVE_VERSION=" + tag, "docker", "compose"));
        command.addAll(List.of("--project-name", settings.project()));
        settings.envFiles().forEach(file -> command.addAll(List.of("--env-file", file)));
        command.addAll(List.of("up", "--detach", "--no-deps", "--no-build", service));
        var output = new ByteArrayOutputStream();
        if (Programs.run(command, folder, output) != 0) {
            throw new Refusal("docker compose up failed: "
                    + output.toString(StandardCharsets.UTF_8)
                            .strip()
                            .lines()
                            .reduce((a, b) -> b)
                            .orElse("no reason given"));
        }
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
            Pause.of(PAUSE);
        }
        return true;
    }

    private Requests ask(String service) {
        var asked = Requests.NONE;
        var end = clock.instant().plus(settings.watched());
        while (asked.all() < gate.fewest() || clock.instant().isBefore(end)) {
            asked = asked.plus(new Requests(1, caller.reaches(service) ? 0 : 1));
            Pause.of(settings.watched().dividedBy(Math.max(1, gate.fewest())));
        }
        return asked;
    }

    /// What its clients asked it meanwhile.
    private Requests metrics(String service) {
        return HealthGate.requests(docker.say("exec", docker.must(service), "bash", "-c", METRICS));
    }

    private boolean healthy(String service) {
        return docker.health(service).equals("healthy");
    }

    private int restarts(String service) {
        return Integer.parseInt(docker.inspect(docker.must(service), "{{.RestartCount}}"));
    }
}
