package dk.elleve.kit.spool;

import dk.elleve.contracts.Event;
import dk.elleve.contracts.TenantId;
import dk.elleve.contracts.Topic;
import org.jspecify.annotations.Nullable;

/// For records that accompany no write, such as accesses: durable when `append` returns, sent to Kafka
/// afterwards in batches, at least once and in order. Bounded: when it is full, appending waits and
/// then refuses, so that a request is refused rather than its record lost.
public interface Spool {

    /// Appends one event; on return it survives a crash of process and machine. Many callers share one fsync.
    ///
    /// @throws IllegalArgumentException if the event is larger than Kafka takes
    /// @throws IllegalStateException if the disk refuses or the service is stopping; the event may still be sent
    /// @throws SpoolFull if the spool stayed full for the time it may wait; nothing was appended
    void append(Topic topic, String key, @Nullable TenantId tenant, Event event);

    /// The spool is full and Kafka does not take from it.
    final class SpoolFull extends RuntimeException {
        SpoolFull(long bytes) {
            super("The spool holds " + bytes + " bytes that Kafka has not taken; requests are refused until it does");
        }
    }
}
