package dk.elleve.kit.messaging;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.StringJoiner;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;
import org.springframework.kafka.support.serializer.DeserializationException;
import tools.jackson.databind.json.JsonMapper;

/// Puts a bad message aside so that those behind it are heard.
final class SettingAside implements ConsumerRecordRecoverer {

    private static final Measure SET_ASIDE =
            new Measure("elleve.messages.set.aside", "Messages set aside since the start, by topic");

    private static final Logger log = LoggerFactory.getLogger(SettingAside.class);

    private final SetAsideStore store;
    private final MeterRegistry meters;
    private final JsonMapper json;

    SettingAside(SetAsideStore store, MeterRegistry meters, JsonMapper json) {
        this.store = store;
        this.meters = meters;
        this.json = json;
        // At 0 from now on, so that the first one is seen as a step.
        Arrays.stream(Topic.values()).forEach(topic -> SET_ASIDE.counter(meters, "topic", topic.wireName()));
    }

    @Override
    public void accept(ConsumerRecord<?, ?> record, Exception failure) {
        var headers = new StringJoiner("\n");
        record.headers().forEach(header -> {
            if (!header.key().startsWith("springDeserializerException")) {
                headers.add(header.key() + ": " + new String(header.value(), StandardCharsets.UTF_8));
            }
        });
        // One that was read but that its listener cannot handle: fields this build does not know are lost here, and
        // stand on the topic still.
        byte[] body = record.value() instanceof Received read ? json.writeValueAsBytes(read.event()) : new byte[0];
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof DeserializationException)) {
            cause = cause.getCause();
        }
        if (cause instanceof DeserializationException unreadable && unreadable.getData() != null) {
            body = unreadable.getData();
            cause = unreadable.getCause() == null ? unreadable : unreadable.getCause();
        }
        var position = record.partition() + "@" + record.offset();
        store.keep(
                record.topic(),
                position,
                headers.toString(),
                body,
                cause.getClass().getSimpleName() + ": " + cause.getMessage());
        SET_ASIDE.counter(meters, "topic", record.topic()).increment();
        log.error("Set aside {} {}: it waits in kit.set_aside, those behind it go on", record.topic(), position, cause);
    }
}
