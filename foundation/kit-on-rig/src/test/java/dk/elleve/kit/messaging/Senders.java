package dk.elleve.kit.messaging;

import dk.elleve.kit.KitProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/// Senders as the kit makes them, for tests without Spring.
public final class Senders {

    private Senders() {}

    public static EventSender to(String bootstrapServers) {
        var kafka = new KafkaProperties();
        kafka.setBootstrapServers(List.of(bootstrapServers));
        return new MessagingAutoConfiguration()
                .eventSender(kafka, new KitProperties("breach", null, null), new SimpleMeterRegistry());
    }
}
