package dk.elleve.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.Eventually;
import dk.elleve.kit.test.SharedData;
import dk.elleve.kit.test.TopicProbe;
import dk.elleve.kit.test.part.Daemon;
import dk.elleve.kit.test.part.Part;
import dk.elleve.kit.test.part.Ports;
import dk.elleve.local.PortPlan.Use;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The platform as a person starts it, beside whatever else runs on this machine: every part a process of its own, in
/// a folder and on ports of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WholeHouseTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final Screen screen = new Screen(new PrintStream(shown, true, StandardCharsets.UTF_8));
    private Installation house;

    @BeforeAll
    void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws IOException {
        house = Installation.of(Arguments.parse(
                "up",
                "--dir",
                folder.resolve("house").toString(),
                "--port-base",
                Integer.toString(freeBase(Use.values().length))));
        up();
    }

    @AfterAll
    void stop() {
        // Whatever a failed test left.
        house.parts().reversed().forEach(this::kill);
    }

    @Test
    @Order(1)
    void the_demo_tells_its_whole_story_on_real_people() {
        var chinook = SharedData.require("datasets/chinook");

        assertThat(demo("--data", chinook.toString())).as(this::told).isZero();
        assertThat(told())
                .contains("customers: 59 people imported")
                .contains("employees: 8 people imported")
                .contains("All 9 steps did what they should")
                .doesNotContain("FAILED: ");
    }

    @Test
    @Order(2)
    void the_demo_tells_its_story_on_its_own_people_and_on_a_house_that_is_in_use() {
        assertThat(demo()).as(this::told).isZero();
        assertThat(told())
                .contains("9. The same in a browser")
                .contains("All 9 steps did what they should")
                .doesNotContain("FAILED: ");
    }

    @Test
    @Order(3)
    void every_database_agrees_with_the_log_of_its_changes() throws Exception {
        try (var api = new Api(house, Clock.systemUTC())) {
            Eventually.eventually("all were compared", Duration.ofSeconds(120), () -> {
                var claims = api.get("auditor", "/answers/5").must(200).json().path("claims");
                assertThat(StreamSupport.stream(claims.spliterator(), false)
                                .filter(claim -> claim.path("id").asString().equals("access.reconciled"))
                                .map(claim -> claim.path("state").asString()))
                        .as(() -> claims.toString())
                        .containsExactly("proven");
            });
        }
    }

    /// Nothing is read from the databases for it: what is restored is held to the log of their changes alone.
    @Test
    @Order(4)
    void what_a_drill_restores_is_what_the_log_says_the_databases_held() throws Exception {
        try (var api = new Api(house, Clock.systemUTC())) {
            var order = Eventually.until(
                    "the log has said what they held",
                    Duration.ofSeconds(120),
                    () -> api.post("administrator", "/backups/drills", Map.of("comparedWith", "log")),
                    answer -> answer.status() == 202);
            var path = "/backups/drills/" + order.json().path("id").asString();
            var drill = Eventually.until(
                    "the drill is over",
                    Duration.ofSeconds(240),
                    () -> api.get("administrator", path).must(200).json(),
                    found -> Set.of("passed", "failed")
                            .contains(found.path("state").asString()));
            assertThat(drill.path("state").asString()).as(drill::toString).isEqualTo("passed");
            assertThat(drill.path("comparedWith").asString())
                    .as(drill::toString)
                    .isEqualTo("log");
            assertThat(drill.path("tablesCompared").asInt()).as(drill::toString).isGreaterThan(10);
            assertThat(drill.path("rowsCompared").asLong()).as(drill::toString).isPositive();
        }
    }

    @Test
    @Order(5)
    void every_metric_that_a_rule_a_panel_or_the_documentation_names_is_measured(@TempDir Path folder)
            throws IOException {
        if (!Files.isExecutable(RunningPrometheus.PROGRAM)) {
            abort("prometheus is not installed (Debian: apt-get install prometheus)");
        }
        LiveMetrics.check(house, folder);
    }

    /// The file was written by the dashboard's own tests.
    @Test
    @Order(6)
    void the_dashboard_gets_what_it_relies_on() {
        var said = new ByteArrayOutputStream();
        var status = Programs.run(
                List.of("node", "pact/verify.mjs", "--gateway", house.address(), "--issuer", house.issuer()),
                house.project().resolve("gateway/dashboard"),
                said);
        assertThat(status).as(() -> said.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    @Order(7)
    void what_a_service_cannot_read_is_set_aside_and_a_replay_says_what_became_of_it() {
        try (var probe = new TopicProbe(house.kafka().bootstrapServers())) {
            probe.say(
                    Topic.GATEWAY_FINDINGS.wireName(),
                    "platform",
                    Map.of(
                            "ce_id", "01930051-0000-7000-8000-00000000ffff",
                            "ce_type", "dk.elleve.platform.finding.v2",
                            "ce_source", "urn:elleve:gateway",
                            "ce_specversion", "1.0",
                            "ce_time", "2026-11-24T12:00:00Z",
                            "ce_subject", "platform"),
                    "{}");
        }
        Eventually.eventually("it is set aside", Duration.ofSeconds(60), () -> {
            assertThat(setAside("list", "--service", "breach")).isZero();
            assertThat(told()).contains("waiting", "dk.elleve.platform.finding.v2", "gateway.findings.v1");
        });
        var id = told().lines()
                .filter(line -> line.contains("finding.v2"))
                .map(line -> line.strip().split(" +")[1])
                .findFirst()
                .orElseThrow();

        assertThat(setAside("replay", "--service", "breach", "--id", id)).isEqualTo(1);
        assertThat(told())
                .contains("waits still: This build does not know the event type dk.elleve.platform.finding.v2");
        assertThat(setAside("replay", "--service", "audit", "--all")).isZero();
        assertThat(told()).contains("audit has nothing to replay");
    }

    @Test
    @Order(8)
    void a_second_start_changes_nothing() {
        var before = processes();

        up();

        assertThat(told()).contains("Everything runs already");
        assertThat(processes()).isEqualTo(before);
    }

    @Test
    @Order(9)
    void a_house_whose_every_process_was_killed_comes_back_with_all_its_data() throws Exception {
        var path = "/areas/customers/collections/people/records?limit=200";
        String records;
        int size;
        try (var api = new Api(house, Clock.systemUTC())) {
            records = api.get("nord-user", path).must(200).text();
            size = logSize(api);
        }

        house.parts().forEach(this::kill);
        up();

        try (var api = new Api(house, Clock.systemUTC())) {
            assertThat(api.get("nord-user", path).must(200).text()).isEqualTo(records);
            assertThat(logSize(api)).isGreaterThanOrEqualTo(size);
        }
        assertThat(new Status(house, screen).run()).as(this::told).isZero();
    }

    @Test
    @Order(10)
    void a_taken_port_is_one_sentence_that_names_it() throws IOException {
        kill(house.mail());
        var port = house.ports().of(Use.MAIL);
        Eventually.eventually(
                "the kernel has closed the port",
                () -> assertThat(Ports.isFree(port)).isTrue());
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new Up(house, screen).run(List.of()))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("Port " + port)
                    .hasMessageContaining("--mail-port");
        }
    }

    @Test
    @Order(11)
    void no_secret_of_the_house_stands_in_an_argument_an_environment_or_a_log() throws IOException {
        var secrets = new ArrayList<String>();
        try (var files = Files.list(house.place().secrets())) {
            for (var file : files.toList()) {
                secrets.add(Files.readString(file).strip());
            }
        }
        assertThat(secrets).hasSizeGreaterThan(10);
        var grep = new Grep(secrets);

        for (var part : house.parts()) {
            var process = new Daemon(part.name(), house.place()).handle();
            if (process.isPresent()) {
                var proc = Path.of("/proc/" + process.get().pid());
                assertThat(grep.in(Files.readAllBytes(proc.resolve("cmdline")))).isEmpty();
                assertThat(grep.in(Files.readAllBytes(proc.resolve("environ")))).isEmpty();
            }
        }
        assertThat(grep.in(house.place().root().resolve("logs")).found()).isEmpty();
        // The search itself works: the settings do hold them.
        assertThat(grep.in(house.place().settings()).found()).isNotEmpty();
    }

    @Test
    @Order(12)
    void down_stops_what_was_started_and_nothing_else() throws Exception {
        var stranger = new ProcessBuilder("sleep", "600").start();
        try {
            // What a pid file names may be gone, and its number given to somebody else.
            var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
            Files.writeString(house.place().run("mail"), stranger.pid() + " 1 " + boot);

            assertThat(new Down(house, screen).run(List.of())).as(this::told).isZero();

            assertThat(house.parts()).noneMatch(Part::running);
            assertThat(house.postgres().dataFolder()).isDirectory();
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    private void up() {
        shown.reset();
        new Up(house, screen).run(List.of());
    }

    private int setAside(String... words) {
        shown.reset();
        return new SetAside(house, screen).run(List.of(words));
    }

    private int demo(String... words) {
        shown.reset();
        return new Demo(new LocalPlatform(house), screen).run(List.of(words));
    }

    private String told() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    private List<Long> processes() {
        return house.parts().stream()
                .map(part -> new Daemon(part.name(), house.place())
                        .handle()
                        .orElseThrow()
                        .pid())
                .toList();
    }

    private static int logSize(Api api) throws Exception {
        return Integer.parseInt(api.get(null, "/log/checkpoint")
                .must(200)
                .text()
                .lines()
                .toList()
                .get(1));
    }

    /// As the kernel or a power cut would: no goodbye, children included.
    private void kill(Part part) {
        new Daemon(part.name(), house.place()).stop("KILL", Duration.ofSeconds(20));
    }

    /// The first of so many free ports in a row.
    private static int freeBase(int count) {
        for (int base = 21000; base < 60000; base += count) {
            var free = true;
            for (int port = base; port < base + count; port++) {
                free &= Ports.isFree(port);
            }
            if (free) {
                return base;
            }
        }
        throw new IllegalStateException("This machine has no " + count + " free ports in a row");
    }
}
