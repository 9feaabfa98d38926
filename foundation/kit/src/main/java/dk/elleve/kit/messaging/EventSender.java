package dk.elleve.kit.messaging;

import dk.elleve.contracts.Topic;
import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/// Sends packed events. Only the outbox and the spool use it: an event sent by hand can be lost or lie.
public final class EventSender implements AutoCloseable {

    private static final Measure SENT =
            new Measure("elleve.events.sent", "Events that Kafka has stored for this service, by topic");

    private final DefaultKafkaProducerFactory<String, byte[]> producers;
    private final KafkaTemplate<String, byte[]> kafka;
    private final MeterRegistry meters;

    /// @param topics those that may be written to
    EventSender(DefaultKafkaProducerFactory<String, byte[]> producers, List<Topic> topics, MeterRegistry meters) {
        this.producers = producers;
        this.kafka = new KafkaTemplate<>(producers);
        this.meters = meters;
        topics.forEach(topic -> SENT.counter(meters, "topic", topic.wireName()));
    }

    /// Sends all of them in this order. Each future completes when the broker has stored its event on
    /// all in-sync replicas, or exceptionally when the broker was away for the whole delivery timeout
    /// or refuses the event.
    public List<CompletableFuture<Void>> send(List<Envelope> events) {
        var sent = new ArrayList<CompletableFuture<Void>>(events.size());
        Throwable away = null;
        for (var event : events) {
            var one = away == null ? send(event) : CompletableFuture.<Void>failedFuture(away);
            sent.add(one);
            // A producer that knows no broker blocks each send for its whole limit; once is enough to know.
            if (away == null && one.isCompletedExceptionally() && one.exceptionNow() instanceof TimeoutException none) {
                away = none;
            }
        }
        kafka.flush();
        return sent;
    }

    /// Whether Kafka will never take the event, however often it is sent.
    ///
    /// @param failed what came out of a future of [#send]
    public static boolean isRefused(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof RecordTooLargeException || cause instanceof InvalidTopicException) {
                return true;
            }
        }
        return false;
    }

    /// The template throws at once what the producer refuses at once, such as an event that is too large.
    private CompletableFuture<Void> send(Envelope event) {
        try {
            return kafka.send(Envelopes.record(event)).thenApply(ok -> {
                SENT.counter(meters, "topic", event.topic().wireName()).increment();
                return null;
            });
        } catch (KafkaException refused) {
            return CompletableFuture.failedFuture(refused.getCause() == null ? refused : refused.getCause());
        }
    }

    @Override
    public void close() {
        producers.destroy();
    }
}
