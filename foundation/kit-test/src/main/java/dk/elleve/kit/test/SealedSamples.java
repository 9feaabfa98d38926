package dk.elleve.kit.test;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dk.elleve.contracts.EventType;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.test.part.ProjectRoot;
import dk.elleve.kit.test.part.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import tools.jackson.databind.json.JsonMapper;

/// The consumers' side of the contract: a running service is given every event that was ever on the
/// wire of the topics it listens to, by Kafka, and must take each.
public final class SealedSamples {

    private static final Path SAMPLES = Path.of("foundation/contracts/src/test/resources/samples");
    private static final String LISTENER = "org.springframework.kafka.annotation.KafkaListener";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// A sample as it was said.
    ///
    /// @param position partition and offset, as they stand in `kit.set_aside`
    private record Said(String topic, String type, Path sample, String eventId, String position) {}

    private SealedSamples() {}

    /// Says every sample on every topic that a listener below `root` hears, and waits until all are
    /// behind the service's consumer group. None may be set aside; and each type must leave its
    /// mark in the inbox, or be declared as passed over.
    ///
    /// @param label the running service; it must be on the rig
    /// @param root the package its listeners are in
    /// @param passedOver types on its topics that it hears and does nothing with; exactly these
    public static void areTakenBy(String label, String root, String... passedOver) {
        var topics = listenedTo(root);
        assertThat(topics).as("topics that a listener of %s hears", root).isNotEmpty();
        var said = new ArrayList<Said>();
        try (var probe = TopicProbe.rig()) {
            for (var topic : topics) {
                probe.ensure(topic);
                // In the order of EventType: a life is opened before it is closed.
                for (var type : EventType.all().keySet()) {
                    if (EventContract.types(topic.wireName()).contains(type)) {
                        samples(type).forEach(sample -> said.add(say(probe, topic, type, sample)));
                    }
                }
            }
        }
        Eventually.eventually(label + " is behind every sample", Duration.ofSeconds(90), () -> {
            var reached = reached(label);
            assertThat(said.stream().filter(each -> !isBehind(reached, each)))
                    .as("samples that are tried again and again")
                    .isEmpty();
        });
        var setAside = texts(label, "SELECT topic || ' ' || position, reason FROM kit.set_aside");
        assertThat(said.stream()
                        .filter(each -> setAside.containsKey(each.topic() + " " + each.position()))
                        .map(each -> each.topic() + " " + each.sample() + ": "
                                + setAside.get(each.topic() + " " + each.position())))
                .as("samples that were set aside")
                .isEmpty();
        var marks = texts(label, "SELECT event_id, listener FROM kit.inbox");
        var untouched = new TreeSet<String>();
        said.forEach(each -> {
            if (!marks.containsKey(each.eventId())) {
                untouched.add(each.type());
            }
        });
        assertThat(untouched)
                .as("types that %s hears and does nothing with; declare those that it passes over", label)
                .isEqualTo(new TreeSet<>(List.of(passedOver)));
    }

    /// Makes the topics that listeners below a package hear, as their owners would have. Before the
    /// service starts: a listener looks for a topic that is not there only every few minutes.
    public static void ensureTopics(String root) {
        try (var probe = TopicProbe.rig()) {
            probe.ensure(listenedTo(root).toArray(Topic[]::new));
        }
    }

    /// The topics that listeners below a package name in their annotations.
    static Set<Topic> listenedTo(String root) {
        var topics = new TreeSet<Topic>();
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages(root).stream()
                        .flatMap(each -> each.getMethods().stream())
                        .filter(method -> method.isAnnotatedWith(LISTENER))
                        .flatMap(SealedSamples::topics)
                        .map(Topic::named)
                        .forEach(topics::add);
        return topics;
    }

    private static Stream<String> topics(JavaMethod listener) {
        return listener.getAnnotationOfType(LISTENER)
                .get("topics")
                .map(names -> Arrays.stream((String[]) names))
                .orElseThrow(() -> new AssertionError(listener.getFullName() + " names no topics"));
    }

    private static Said say(TopicProbe probe, Topic topic, String type, Path sample) {
        var body = text(sample);
        var tenant = JSON.readTree(body).path("tenant").asString("");
        var key = tenant.isEmpty() ? "platform" : tenant;
        var id = UUID.randomUUID().toString();
        var headers = new HashMap<>(Map.of(
                "ce_id",
                id,
                "ce_type",
                type,
                "ce_source",
                "/" + topic.owner(),
                "ce_specversion",
                "1.0",
                "ce_time",
                "2026-11-24T12:00:00Z",
                "ce_subject",
                key,
                "content-type",
                "application/json"));
        if (!tenant.isEmpty() && !tenant.equals("platform")) {
            headers.put("ce_tenant", tenant);
        }
        return new Said(
                topic.wireName(), type, sample.getFileName(), id, probe.say(topic.wireName(), key, headers, body));
    }

    private static boolean isBehind(Map<String, Long> reached, Said said) {
        var at = said.position().split("@", 2);
        return reached.getOrDefault(said.topic() + " " + at[0], 0L) > Long.parseLong(at[1]);
    }

    /// Topic and partition → the offset that the service's group has kept.
    private static Map<String, Long> reached(String group) {
        try (var admin = Admin.create(
                Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Rig.kafka().bootstrapServers()))) {
            var reached = new HashMap<String, Long>();
            admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> {
                        if (offset != null) {
                            reached.put(partition.topic() + " " + partition.partition(), offset.offset());
                        }
                    });
            return reached;
        } catch (ExecutionException e) {
            throw new AssertionError("The broker does not tell the offsets of " + group, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", e);
        }
    }

    private static Map<String, String> texts(String label, String query) {
        var database = Service.labelled(label).database().orElseThrow();
        var texts = new HashMap<String, String>();
        try (var connection = Rig.postgres().superuser(database).getConnection();
                var sql = connection.createStatement();
                var row = sql.executeQuery(query)) {
            while (row.next()) {
                texts.put(row.getString(1), row.getString(2));
            }
        } catch (SQLException e) {
            throw new AssertionError("The database of " + label + " does not answer", e);
        }
        return texts;
    }

    private static List<Path> samples(String type) {
        try (var files = Files.list(ProjectRoot.find().resolve(SAMPLES).resolve(type))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
