package dk.elleve.kit.messaging;

import dk.elleve.kit.measure.Measure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListener;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.annotation.Scheduled;

/// Puts messages that were set aside before their listener again, when somebody asks for it by the
/// row's state.
///
/// A replayed message takes the way of a delivered one: the same reading, the same listener, and
/// that listener's own transaction with its mark in the inbox. A death between that commit and the
/// row's new state brings the message once more, and the mark stops it, as it does when Kafka
/// delivers twice.
final class Replay {

    private static final Measure REPLAYED =
            new Measure("elleve.messages.replayed", "Messages that were set aside and put before their listener again");

    private static final Logger log = LoggerFactory.getLogger(Replay.class);

    /// So often is something tried that fails for another reason than the message itself, such as a
    /// database that is away. Then the message waits for a person again: without an end, those
    /// behind it would wait for ever.
    private static final int TRIES = 5;

    private final SetAsideStore store;
    private final Envelopes envelopes;
    private final EventSender sender;
    private final ObjectProvider<KafkaListenerEndpointRegistry> listeners;
    private final Counter replayed;
    private final Counter refused;

    Replay(
            SetAsideStore store,
            Envelopes envelopes,
            EventSender sender,
            ObjectProvider<KafkaListenerEndpointRegistry> listeners,
            MeterRegistry meters) {
        this.store = store;
        this.envelopes = envelopes;
        this.sender = sender;
        this.listeners = listeners;
        this.replayed = REPLAYED.counter(meters, "outcome", "replayed");
        this.refused = REPLAYED.counter(meters, "outcome", "refused");
    }

    @Scheduled(initialDelay = 2, fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
    void look() {
        if (store.isAsked()) {
            store.alone(this::all);
        }
    }

    @Scheduled(initialDelay = 1, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
    void forget() {
        store.forgetReplayed();
    }

    /// Ends when nothing is asked for, or something is away.
    void all() {
        for (var next = store.nextAsked(); next.isPresent(); next = store.nextAsked()) {
            if (!replay(next.get())) {
                return;
            }
        }
    }

    /// @return whether those behind it may follow now
    private boolean replay(SetAsideStore.Asked row) {
        try {
            if (row.isOurs()) {
                sendAgain(row);
            } else {
                hearAgain(row);
            }
            // A death here brings the message before its listener again: its mark in the inbox stops it.
            store.replayed(row.id());
            replayed.increment();
            log.info("Replayed the message {} ({} {})", row.id(), row.topic(), row.position());
            return true;
        } catch (RuntimeException failed) {
            var unreadable = unreadable(failed);
            if (unreadable != null) {
                waits(row, String.valueOf(unreadable.getMessage()));
                return true;
            }
            if (row.tries() + 1 < TRIES) {
                store.failed(row.id());
                log.warn("The message {} could not be replayed; it is tried again", row.id(), failed);
                return false;
            }
            var cause = root(failed);
            waits(row, cause.getClass().getSimpleName() + ": " + cause.getMessage());
            return true;
        }
    }

    private void hearAgain(SetAsideStore.Asked row) {
        var at = row.position().split("@", 2);
        var headers = HeaderLines.parse(row.headers());
        var received = envelopes.unpack(row.topic(), headers, row.body());
        listener(row.topic())
                .onMessage(
                        new ConsumerRecord<>(
                                row.topic(),
                                Integer.parseInt(at[0]),
                                Long.parseLong(at[1]),
                                received.time().toEpochMilli(),
                                TimestampType.CREATE_TIME,
                                ConsumerRecord.NULL_SIZE,
                                row.body().length,
                                row.key(),
                                received,
                                headers,
                                Optional.empty()),
                        null,
                        null);
    }

    @SuppressWarnings("unchecked")
    private MessageListener<Object, Object> listener(String topic) {
        var containers = listeners.stream()
                .flatMap(registry -> registry.getAllListenerContainers().stream())
                .toList();
        for (MessageListenerContainer container : containers) {
            var properties = container.getContainerProperties();
            var topics = properties.getTopics();
            if (topics != null
                    && List.of(topics).contains(topic)
                    && properties.getMessageListener() instanceof MessageListener<?, ?> listener) {
                return (MessageListener<Object, Object>) listener;
            }
        }
        throw new UnreadableEvent("Nobody in this service listens to " + topic);
    }

    private void sendAgain(SetAsideStore.Asked row) {
        var event = envelopes.repacked(row.topic(), row.key(), HeaderLines.parse(row.headers()), row.body());
        try {
            sender.send(List.of(event)).getFirst().join();
        } catch (CompletionException refused) {
            if (EventSender.isRefused(refused)) {
                throw new UnreadableEvent(
                        "Kafka refuses it still: " + root(refused).getMessage(), refused);
            }
            throw refused;
        }
    }

    private void waits(SetAsideStore.Asked row, String reason) {
        var behind = store.backToWaiting(row, reason);
        refused.increment();
        log.error(
                "The message {} ({} {}) cannot be replayed: {}. It waits, with {} behind it of its key",
                row.id(),
                row.topic(),
                row.position(),
                reason,
                behind);
    }

    private static @Nullable UnreadableEvent unreadable(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableEvent bad) {
                return bad;
            }
        }
        return null;
    }

    private static Throwable root(Throwable failed) {
        var cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
