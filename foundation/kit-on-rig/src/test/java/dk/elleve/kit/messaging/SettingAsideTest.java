package dk.elleve.kit.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dk.elleve.contracts.Topic;
import dk.elleve.contracts.breach.IncidentEvent.IncidentOpened;
import dk.elleve.kit.KitRig;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class SettingAsideTest extends KitRig {

    final SetAsideStore store;
    final Envelopes envelopes;
    final JdbcClient jdbc;
    final MeterRegistry meters;

    @Autowired
    SettingAsideTest(SetAsideStore store, Envelopes envelopes, JdbcClient jdbc, MeterRegistry meters) {
        this.store = store;
        this.envelopes = envelopes;
        this.jdbc = jdbc;
        this.meters = meters;
    }

    @Test
    void an_event_that_its_listener_cannot_handle_is_set_aside_with_its_body() throws SQLException {
        var id = UUID.randomUUID().toString();
        var event = new IncidentOpened(id, "test", "low", null, Instant.parse("2026-11-24T12:00:00Z"));
        var received = new Received(id, "urn:x", Instant.EPOCH, null, Topic.BREACH_INCIDENTS, event);

        var record = new ConsumerRecord<>("test." + id, 2, 7, "key", received);
        record.headers().add(ReceivedDeserializer.WIRE_BODY, envelope(event).body());

        new SettingAside(store).accept(record, new UnreadableEvent("no such case"));
        new SettingAside(store).accept(record, new UnreadableEvent("no such case"));

        assertThat(count("SELECT count(*) FROM kit.set_aside WHERE topic = 'test." + id + "' AND position = '2@7'"
                        + " AND convert_from(body, 'UTF8')::jsonb ->> 'incident' = '" + id + "'"))
                .isEqualTo(1);
        assertThat(meters.counter("elleve.messages.set.aside", "topic", "test." + id)
                        .count())
                .isEqualTo(1);
    }

    @Test
    @Timeout(60)
    void a_sender_without_a_broker_gives_up_once_and_not_once_for_each_event() {
        var event = new IncidentOpened("x", "test", "low", null, Instant.parse("2026-11-24T12:00:00Z"));
        var start = System.nanoTime();
        try (var sender = Senders.to("127.0.0.1:1")) {
            var sent = sender.send(
                    List.of(envelope(event), envelope(event), envelope(event), envelope(event), envelope(event)));
            assertThat(sent)
                    .hasSize(5)
                    .allSatisfy(one -> assertThat(one.exceptionNow()).isInstanceOf(TimeoutException.class));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    private Envelope envelope(IncidentOpened event) {
        return envelopes.pack(Topic.BREACH_INCIDENTS, "x", null, event);
    }
}
