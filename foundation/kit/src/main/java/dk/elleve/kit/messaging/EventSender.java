package dk.elleve.kit.messaging;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.kafka.core.KafkaTemplate;

/// Sends packed events. Only the outbox and the spool use it: an event sent by hand can be lost or lie.
public final class EventSender {

    private final KafkaTemplate<String, byte[]> kafka;

    EventSender(KafkaTemplate<String, byte[]> kafka) {
        this.kafka = kafka;
    }

    /// Sends all of them in this order. Each future completes when the broker has stored its event on all in-sync
    /// replicas,
    /// or exceptionally when the broker was away for the whole delivery timeout or refuses the event.
    public List<CompletableFuture<Void>> send(List<Envelope> events) {
        var sent = events.stream()
                .map(event -> kafka.send(Envelopes.record(event)).<Void>thenApply(ok -> null))
                .toList();
        kafka.flush();
        return sent;
    }
}
