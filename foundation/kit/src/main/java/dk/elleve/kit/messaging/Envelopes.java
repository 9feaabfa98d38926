package dk.elleve.kit.messaging;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.EventType;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import dk.elleve.kit.time.Ids;
import dk.elleve.kit.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Packs and unpacks events (CloudEvents 1.0, Kafka protocol binding, binary mode).
public final class Envelopes {

    private final JsonMapper json;
    private final Clock clock;
    private final String service;

    public Envelopes(JsonMapper json, Clock clock, String service) {
        this.json = json;
        this.clock = clock;
        this.service = service;
    }

    /// @throws IllegalArgumentException if this service does not own the topic
    public Envelope pack(Topic topic, String key, @Nullable TenantId tenant, Event event) {
        if (!topic.owner().equals(service.replace("-", ""))) {
            throw new IllegalArgumentException(
                    service + " may not write to " + topic.wireName() + ": only its owner " + topic.owner() + " does");
        }
        return new Envelope(
                Ids.nextText(),
                "urn:elleve:" + service,
                EventType.nameOf(event.getClass()),
                clock.instant(),
                tenant,
                Trace.parent(),
                topic,
                key,
                json.writeValueAsBytes(event));
    }

    static ProducerRecord<String, byte[]> record(Envelope e) {
        var record = new ProducerRecord<>(e.topic().wireName(), e.key(), e.body());
        var headers = record.headers();
        add(headers, "ce_specversion", "1.0");
        add(headers, "ce_id", e.id());
        add(headers, "ce_source", e.source());
        add(headers, "ce_type", e.type());
        add(headers, "ce_time", e.time().toString());
        add(headers, "ce_subject", e.key());
        add(headers, "content-type", "application/json");
        if (e.tenant() != null) {
            add(headers, "ce_tenant", e.tenant().value());
        }
        if (e.traceparent() != null) {
            add(headers, "traceparent", e.traceparent());
        }
        return record;
    }

    /// The envelope of a record that was made by [#record], whatever its body is.
    ///
    /// @throws UnreadableEvent if attributes are missing
    Envelope repacked(String topic, @Nullable String key, Headers headers, byte[] body) {
        var tenant = optional(headers, "ce_tenant");
        return new Envelope(
                required(headers, "ce_id"),
                required(headers, "ce_source"),
                required(headers, "ce_type"),
                Instant.parse(required(headers, "ce_time")),
                tenant == null ? null : new TenantId(tenant),
                optional(headers, "traceparent"),
                Topic.named(topic),
                key == null ? required(headers, "ce_subject") : key,
                body);
    }

    /// @throws UnreadableEvent if it is no event of the platform, or of a version this build does not know
    public Received unpack(String topic, Headers headers, byte[] body) {
        var type = required(headers, "ce_type");
        var shape = EventType.classOf(type)
                .orElseThrow(() -> new UnreadableEvent("This build does not know the event type " + type));
        try {
            var tenant = optional(headers, "ce_tenant");
            return new Received(
                    required(headers, "ce_id"),
                    required(headers, "ce_source"),
                    Instant.parse(required(headers, "ce_time")),
                    tenant == null ? null : new TenantId(tenant),
                    Topic.named(topic),
                    json.readValue(body, shape));
        } catch (JacksonException | IllegalArgumentException | DateTimeException bad) {
            throw new UnreadableEvent("An event of type " + type + " does not have that type's shape", bad);
        }
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String required(Headers headers, String name) {
        var value = optional(headers, name);
        if (value == null) {
            throw new UnreadableEvent("The header " + name + " is missing: not a CloudEvent in binary mode");
        }
        return value;
    }

    private static @Nullable String optional(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
