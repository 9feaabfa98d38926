package dk.elleve.compose;

import static dk.elleve.kit.test.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// The whole platform in containers: images are built, `docker compose up` brings it up, the demo tells its story on
/// it,
/// and nothing that happens to containers afterwards loses anything. Skipped where no Docker engine answers.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeTest {

    private static final List<String> SERVICES =
            List.of("gateway", "identity", "tenant-data", "breach", "audit", "backup");
    private static final List<String> PARTS = List.of("postgres", "kafka", "keycloak", "azurite", "mail");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Compose compose;

    @BeforeAll
    void start() throws Exception {
        var hindrance = Compose.hindrance();
        assumeTrue(hindrance.isEmpty(), () -> hindrance.orElse(""));
        compose = new Compose(Files.createDirectories(Path.of("target")).resolve("compose.log"));
        var build = new ArrayList<>(List.of("deploy/images/build", "guard", "launcher"));
        build.addAll(SERVICES);
        build.addAll(List.of("postgres", "kafka", "keycloak", "azurite", "clamav", "segment-probe"));
        compose.run(build.toArray(String[]::new));
        up();
    }

    @AfterAll
    void stop() throws Exception {
        if (compose != null) {
            compose.compose("logs", "--no-color", "--tail", "200");
            compose.compose("--profile", "*", "down", "--volumes", "--timeout", "5");
        }
    }

    @Test
    @Order(1)
    void the_demo_tells_its_whole_story_on_containers() throws Exception {
        var told = compose.elleve("demo", "--compose", "--project", compose.project());

        assertThat(told).contains("All 9 steps did what they should").doesNotContain("FAILED: ");
    }

    @Test
    @Order(2)
    void only_the_declared_connections_can_be_made_and_answers_6_and_7_are_proven() throws Exception {
        var measured = Path.of("target", "measured.json").toAbsolutePath();

        compose.java(
                "deploy/segments/target/segments.jar",
                "compose",
                "--project",
                compose.project(),
                "--result",
                measured.toString());
        compose.run(
                "bash",
                "-c",
                "docker compose -p " + compose.project() + " --env-file deploy/compose/built.env"
                        + " run --rm --no-deps -T segment-probe publish < " + measured);

        for (var number : List.of("6", "7")) {
            eventually(
                    "answer " + number + " is proven",
                    Duration.ofMinutes(1),
                    () -> assertThat(get("/answers/" + number))
                            .contains("\"state\":\"proven\"")
                            .doesNotContain("\"state\":\"broken\"", "\"state\":\"stale\"", "\"state\":\"unproven\""));
        }
    }

    @Test
    @Order(3)
    void the_scanner_tells_malware_from_what_is_none() throws Exception {
        // Everybody's harmless test file, in two pieces so that no scanner takes this source for it.
        var harmful = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD" + "-ANTIVIRUS-TEST-FILE!$H+H*";

        // Its name differs from one set of signatures to the next.
        assertThat(scanned(harmful)).matches("stream: \\S*(?i:eicar)\\S* FOUND");
        assertThat(scanned(harmful.toLowerCase(Locale.ROOT))).isEqualTo("stream: OK");
    }

    /// What ClamAV says of these letters; asked in its own container, since no member may reach it yet.
    private String scanned(String letters) throws Exception {
        return compose.compose("exec", "-T", "clamav", "sh", "-c", """
                printf %s "$0" | clamdscan --config-file=/etc/elleve-clamav/clamd.conf --no-summary - || [ $? = 1 ]
                """, letters).strip();
    }

    @Test
    @Order(4)
    void no_member_runs_as_root_may_change_its_image_or_gains_a_right() throws Exception {
        for (var member : all()) {
            assertThat(compose.inspect(
                            member,
                            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}"
                                    + " {{.HostConfig.SecurityOpt}} {{.HostConfig.Privileged}}"))
                    .as(member)
                    .isEqualTo("true [ALL] [] [no-new-privileges:true] false");
            var id = compose.run(
                    "docker",
                    "exec",
                    compose.container(member),
                    "bash",
                    "-c",
                    "grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/1/status");
            assertThat(id).as(member).doesNotContain("Uid:\t0").contains("CapEff:\t0000000000000000", "NoNewPrivs:\t1");
            assertThat(compose.inspect(member, "{{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}"))
                    .as(member)
                    .doesNotContain("<nil>")
                    .doesNotStartWith("0 ");
        }
    }

    @Test
    @Order(5)
    void no_secret_stands_in_an_environment_an_argument_a_log_or_an_image() throws Exception {
        var secrets = secrets();
        assertThat(secrets).hasSizeGreaterThan(10);

        var known = new StringBuilder(compose.compose("logs", "--no-color"));
        for (var member : all()) {
            known.append(compose.inspect(member, "{{json .}}"));
            known.append(compose.run("docker", "history", "--no-trunc", compose.inspect(member, "{{.Image}}")));
            known.append(compose.run(
                    "docker",
                    "exec",
                    compose.container(member),
                    "bash",
                    "-c",
                    "cat /proc/1/environ /proc/1/cmdline | tr '\\0' ' '"));
        }
        assertThat(secrets.stream().filter(known.toString()::contains)).isEmpty();
    }

    @Test
    @Order(6)
    void a_member_sees_its_own_secrets_and_no_other_ones() throws Exception {
        for (var member : SERVICES) {
            var mounted = new ArrayList<>(List.of(volume("settings-" + member), volume(member)));
            if (member.equals("audit")) {
                mounted.add("/run/elleve/receivers");
            }
            assertThat(compose.inspect(
                                    member,
                                    "{{range .Mounts}}{{if .Name}}{{.Name}}{{else}}{{.Destination}}{{end}} {{end}}")
                            .split(" "))
                    .as(member)
                    .containsExactlyInAnyOrderElementsOf(mounted);
        }
        var seen = compose.run("docker", "exec", compose.container("breach"), "ls", "/etc/elleve/secrets");
        assertThat(seen).contains("spring.datasource.password").doesNotContain("elleve.master-key");
    }

    @Test
    @Order(7)
    void a_service_that_dies_comes_back_by_itself() throws Exception {
        var before = compose.inspect("breach", "{{.State.StartedAt}}");

        // Its own process 1 takes no signal from inside; the host's kernel takes it from the engine.
        var pid = compose.inspect("breach", "{{.State.Pid}}");
        compose.run("kill", "-KILL", pid);

        eventually("breach runs again", PATIENCE, () -> {
            assertThat(compose.inspect("breach", "{{.State.StartedAt}} {{.State.Health.Status}}"))
                    .doesNotContain(before)
                    .endsWith(" healthy");
        });
    }

    @Test
    @Order(8)
    void after_a_kill_of_every_container_all_is_there() throws Exception {
        var before = checkpointSize();

        var kill = new ArrayList<>(List.of("docker", "kill"));
        for (var member : all()) {
            kill.add(compose.container(member));
        }
        compose.run(kill.toArray(String[]::new));
        up();

        assertThat(checkpointSize()).isGreaterThanOrEqualTo(before);
        assertThat(people()).isPositive();
    }

    @Test
    @Order(9)
    void down_and_up_keep_all_data_and_all_secrets() throws Exception {
        var secrets = secrets();
        var people = people();
        var before = checkpointSize();

        compose.compose("down");
        assertThat(compose.container("gateway")).isEmpty();
        up();

        assertThat(secrets()).isEqualTo(secrets);
        assertThat(people()).isEqualTo(people);
        assertThat(checkpointSize()).isGreaterThanOrEqualTo(before);
    }

    private void up() throws IOException, InterruptedException {
        // Compose waits itself: asking the engine again and again costs a fifth of two cores while all start.
        compose.compose(
                "up", "--detach", "--quiet-pull", "--wait", "--wait-timeout", Long.toString(PATIENCE.toSeconds()));
        for (var member : all()) {
            assertThat(compose.inspect(member, "{{.State.Health.Status}}"))
                    .as(member)
                    .isEqualTo("healthy");
        }
    }

    private static List<String> all() {
        return Stream.concat(PARTS.stream(), SERVICES.stream()).toList();
    }

    private String volume(String name) {
        return compose.project() + "_" + name;
    }

    private List<String> secrets() throws IOException, InterruptedException {
        var listed = compose.compose(
                "run", "--rm", "--no-deps", "-T", "--entrypoint", "bash", "setup", "-c", "tail -n +1 /secrets/*");
        return Pattern.compile("^(PRIVATE\\+KEY\\S+|[A-Za-z0-9+/=]{20,})$", Pattern.MULTILINE)
                .matcher(listed)
                .results()
                .map(match -> match.group())
                .sorted()
                .toList();
    }

    /// Rows of the demo's people, as the database has them.
    private int people() throws IOException, InterruptedException {
        var rows = compose.run(
                "docker",
                "exec",
                compose.container("postgres"),
                "bash",
                "-c",
                "PGPASSWORD=$(cat /etc/elleve/password) psql -h 127.0.0.1 -U postgres -d tenant_data -tAc"
                        + " \"SELECT count(*) FROM data.record WHERE tenant_id = 'nord'\"");
        return Integer.parseInt(rows.strip());
    }

    private int checkpointSize() throws IOException, InterruptedException {
        return Integer.parseInt(get("/log/checkpoint").lines().toList().get(1));
    }

    private String get(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(compose.gateway() + "/api" + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }
}
