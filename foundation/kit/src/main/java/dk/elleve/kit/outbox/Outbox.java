package dk.elleve.kit.outbox;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import org.jspecify.annotations.Nullable;

/// News of a change, stored with the change. Add inside the transaction that makes the change: both are
/// there, or neither. The relay sends it afterwards, at least once, in the order of each key.
public interface Outbox {

    /// @param key what orders the event on its topic
    /// @param tenant the tenant it concerns, if one
    /// @throws IllegalStateException outside a transaction
    /// @throws IllegalArgumentException for a topic this service does not own
    void add(Topic topic, String key, @Nullable TenantId tenant, Event event);
}
