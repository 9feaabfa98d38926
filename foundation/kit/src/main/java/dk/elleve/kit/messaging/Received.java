package dk.elleve.kit.messaging;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An event as a listener gets it. It may come more than once: handle it inside [dk.elleve.kit.inbox.Inbox].
///
/// @param id the event's own id
/// @param tenant the tenant it concerns, if one
public record Received(
        String id, String source, Instant time, @Nullable TenantId tenant, Topic topic, Event event) {}
