package dk.elleve.kit.test.part;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;

/// A real broker: one node that is broker and controller (KRaft), in a Java process of its own.
public final class KafkaPart implements Part {

    private static final String HOST = "127.0.0.1";

    private final Parts parts;
    private final Path home;
    private final int port;
    private final int controllerPort;
    private final Daemon daemon;

    public KafkaPart(Parts parts, Place place, int port, int controllerPort) {
        this.parts = parts;
        this.home = place.data("kafka");
        this.port = port;
        this.controllerPort = controllerPort;
        this.daemon = new Daemon("kafka", place);
    }

    @Override
    public String name() {
        return "kafka";
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    public Path dataFolder() {
        return home;
    }

    @Override
    public void install() {
        parts.kafka();
    }

    @Override
    public void start() {
        if (running()) {
            return;
        }
        try {
            Place.open(home);
            Files.writeString(home.resolve("server.properties"), settings());
            Files.writeString(home.resolve("logback.xml"), LOGGING);
            if (!Files.exists(log().resolve("meta.properties"))) {
                format();
            }
            daemon.start(new Daemon.Command(
                    java(
                            List.of(
                                    "-Xms64m",
                                    "-Xmx256m",
                                    "-XX:+UseSerialGC",
                                    "-XX:TieredStopAtLevel=1",
                                    "-Dlogback.configurationFile=" + home.resolve("logback.xml")),
                            List.of(
                                    "kafka.Kafka",
                                    home.resolve("server.properties").toString())),
                    home));
        } catch (IOException e) {
            throw new PartFailure("Kafka's settings could not be written: " + e.getMessage(), e);
        }
    }

    private Path log() {
        return home.resolve("log");
    }

    private void format() throws IOException {
        // The tool marks the folder as formatted last, so a format that was cut off is simply done again.
        Parts.delete(log());
        var tool = new ProcessBuilder(java(
                        List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        List.of(
                                "kafka.tools.StorageTool",
                                "format",
                                "--cluster-id=" + Uuid.randomUuid(),
                                "--config=" + home.resolve("server.properties"))))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("format.log").toFile())
                .start();
        try {
            if (!tool.waitFor(1, TimeUnit.MINUTES) || tool.exitValue() != 0) {
                tool.destroyForcibly();
                throw new PartFailure(
                        "Kafka could not format " + log() + ": " + Daemon.lastLines(home.resolve("format.log"), 3));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PartFailure("Interrupted while Kafka formatted its folder.", e);
        }
    }

    private List<String> java(List<String> options, List<String> main) {
        var classpath = parts.kafka().stream().map(Path::toString).collect(Collectors.joining(":"));
        var command = new ArrayList<String>();
        command.add(Jvm.program());
        command.addAll(options);
        command.addAll(List.of("-cp", classpath));
        command.addAll(main);
        return command;
    }

    private String settings() {
        return """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@%1$s:%3$d
                listeners=PLAINTEXT://%1$s:%2$d,CONTROLLER://%1$s:%3$d
                advertised.listeners=PLAINTEXT://%1$s:%2$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%4$s
                # Topics are made by their owners, with the settings their owners want.
                auto.create.topics.enable=false
                num.partitions=3
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=3
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=3
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=1
                group.initial.rebalance.delay.ms=0
                # The defaults are for big machines: the cleaner alone would take half of the heap.
                log.cleaner.dedupe.buffer.size=8388608
                # 10 MB by default, and twice that for each partition before the first message.
                log.index.size.max.bytes=262144
                num.network.threads=2
                num.io.threads=4
                background.threads=2
                """.formatted(HOST, port, controllerPort, log());
    }

    private static final String LOGGING = """
            <configuration>
              <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSX} %-5level %logger{24} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="out"/></root>
            </configuration>
            """;

    @Override
    public void awaitReady(Duration limit) {
        try (var admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                "100",
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                "1000",
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                "1000"))) {
            daemon.awaitReady(
                    limit,
                    // Asked only once it listens: a client that was refused waits longer and longer before it tries
                    // again.
                    () -> !Ports.isFree(port)
                            && !admin.describeCluster()
                                    .nodes()
                                    .get(2, TimeUnit.SECONDS)
                                    .isEmpty());
        }
    }

    @Override
    public boolean running() {
        return daemon.running();
    }

    @Override
    public void stop() {
        daemon.stop("TERM", Duration.ofSeconds(30));
    }

    public void kill() {
        daemon.stop("KILL", Duration.ofSeconds(10));
    }
}
