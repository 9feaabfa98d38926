package dk.elleve.kit.outbox;

import dk.elleve.contracts.Actor;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.kit.HaltingLines;
import dk.elleve.kit.KitApp;
import dk.elleve.kit.tenancy.Scope;
import dk.elleve.kit.tenancy.Transactions;
import dk.elleve.kit.test.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A process that changes something, tells of it, hears it and acts on it, and ends without warning at the one line
/// that it is told. Nothing runs after that line: no finally, no shutdown hook.
final class HaltChild {

    static final String PREFIX = "halt-";
    static final TenantId TENANT = new TenantId("halts");

    /// Each line between which a process can die, from the change to the moment the listener's offset is kept.
    static final String[] LINES = {
        "before INSERT INTO kit.outbox",
        "before commit of INSERT INTO kit.outbox",
        "after commit of INSERT INTO kit.outbox",
        "before DELETE FROM kit.outbox",
        "before commit of DELETE FROM kit.outbox",
        "after commit of DELETE FROM kit.outbox",
        "before INSERT INTO kit.inbox",
        "before INSERT INTO data.heard",
        "before commit of INSERT INTO data.heard",
        "after commit of INSERT INTO data.heard",
        "after the offset is kept",
    };

    private HaltChild() {}

    public static void main(String[] arguments) throws Exception {
        var settings = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings.load(in);
        }
        settings.setProperty("spring.kafka.consumer.properties.interceptor.classes", Offsets.class.getName());
        var context = new SpringApplicationBuilder(KitApp.class, OutboxKillChild.Hearing.class, HaltingLines.class)
                .properties(settings)
                .run();
        var jdbc = context.getBean(JdbcClient.class);
        Eventually.eventually("what the life before left has been sent", Duration.ofSeconds(60), () -> {
            if (jdbc.sql("SELECT count(*) FROM kit.outbox").query(Long.class).single() > 0) {
                throw new AssertionError("not yet");
            }
        });
        var id = PREFIX + arguments[2];
        HaltingLines.arm(arguments[1]);
        context.getBean(Transactions.class).run(Scope.of(TENANT), Actor.system("test/halts"), () -> {
            jdbc.sql("INSERT INTO data.thing VALUES (?, ?, 'x')")
                    .params(TENANT.value(), id)
                    .update();
            context.getBean(Outbox.class)
                    .add(
                            Topic.BREACH_INCIDENTS,
                            id,
                            TENANT,
                            new IncidentOpened(
                                    id,
                                    "test",
                                    "low",
                                    TENANT,
                                    context.getBean(Clock.class).instant()));
        });
    }

    /// Told by the consumer when the broker has kept an offset.
    public static final class Offsets implements ConsumerInterceptor<Object, Object> {

        @Override
        public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
            HaltingLines.line("after the offset is kept");
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }
}
