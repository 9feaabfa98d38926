package dk.elleve.kit.messaging;

import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event as it goes to Kafka: CloudEvents 1.0 attributes and a JSON body.
///
/// @param id unique for each event; whoever hears it twice knows it by this
/// @param source the service that says it
/// @param type the wire name of the body's shape
/// @param traceparent the W3C trace it belongs to, if it was traced
/// @param key what orders it on its topic
/// @param body JSON in UTF-8
public record Envelope(
        String id,
        String source,
        String type,
        Instant time,
        @Nullable TenantId tenant,
        @Nullable String traceparent,
        Topic topic,
        String key,
        byte[] body) {}
