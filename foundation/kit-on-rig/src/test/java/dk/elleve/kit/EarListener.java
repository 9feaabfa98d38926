package dk.elleve.kit;

import dk.elleve.contracts.Evidence;
import dk.elleve.kit.messaging.Received;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.MDC;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.stereotype.Component;

/// Hears the smallest service's own evidence, and remembers what its log would have said with it.
@Component
class EarListener {

    /// The fields of the log by the evidence's id.
    static final Map<String, Map<String, String>> HEARD = new ConcurrentHashMap<>();

    @KafkaListener(topics = "breach.evidence.v1")
    void on(Received received) {
        if (received.event() instanceof Evidence evidence) {
            HEARD.put(evidence.id(), Map.copyOf(MDC.getCopyOfContextMap()));
        }
    }
}
